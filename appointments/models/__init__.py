from appointments.models.agent import ItemAgent, SlotGap
from appointments.models.appointment import Appointment, Channel, Place, Status
from appointments.models.catalog import Category, HandlingMode, LimitKind, ServiceItem
from appointments.models.offline import OfflineMark
from appointments.models.slot import Slot
from appointments.models.waiting import Hold, LinkUse, WaitingEntry

__all__ = [
    "Appointment",
    "Category",
    "Channel",
    "HandlingMode",
    "Hold",
    "ItemAgent",
    "LimitKind",
    "LinkUse",
    "OfflineMark",
    "Place",
    "ServiceItem",
    "Slot",
    "SlotGap",
    "Status",
    "WaitingEntry",
]
