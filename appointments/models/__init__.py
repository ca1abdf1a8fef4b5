from appointments.models.agent import ItemAgent, SlotGap
from appointments.models.appointment import Appointment, Channel, Place, Status
from appointments.models.catalog import Category, HandlingMode, LimitKind, ServiceItem
from appointments.models.offline import OfflineMark
from appointments.models.slot import Slot

__all__ = [
    "Appointment",
    "Category",
    "Channel",
    "HandlingMode",
    "ItemAgent",
    "LimitKind",
    "OfflineMark",
    "Place",
    "ServiceItem",
    "Slot",
    "SlotGap",
    "Status",
]
