from appointments.models.appointment import Appointment, Channel, Place, Status
from appointments.models.catalog import Category, HandlingMode, LimitKind, ServiceItem
from appointments.models.offline import OfflineMark
from appointments.models.slot import Slot

__all__ = [
    "Appointment",
    "Category",
    "Channel",
    "HandlingMode",
    "LimitKind",
    "OfflineMark",
    "Place",
    "ServiceItem",
    "Slot",
    "Status",
]
