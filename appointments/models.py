"""Django looks for an app's models here; they live in the subjects, which import one another and not this."""

from appointments.booking.models import Appointment, Channel, KeptBooking, LinkUse, Status
from appointments.cases.models.case import AcceptedAs, Case, CaseMaterial, CaseState, Outcome, Source
from appointments.cases.models.stages import CasePause, CaseStage, CaseStep, CaseTransfer, Level
from appointments.catalog.models import Category, HandlingMode, ItemDraft, ItemOptOut, LimitKind, ServiceItem
from appointments.desk.offline.models import OfflineMark
from appointments.slots.models import Hold, ItemAgent, Place, Slot, SlotGap
from appointments.tickets.models import Priority, QueueDay, State, Ticket
from appointments.waiting.models import WaitingEntry

__all__ = [
    "AcceptedAs",
    "Appointment",
    "Case",
    "CaseMaterial",
    "CasePause",
    "CaseStage",
    "CaseState",
    "CaseStep",
    "CaseTransfer",
    "Category",
    "Channel",
    "HandlingMode",
    "Hold",
    "ItemAgent",
    "ItemDraft",
    "ItemOptOut",
    "KeptBooking",
    "Level",
    "LimitKind",
    "LinkUse",
    "OfflineMark",
    "Outcome",
    "Place",
    "Priority",
    "QueueDay",
    "ServiceItem",
    "Slot",
    "SlotGap",
    "Source",
    "State",
    "Status",
    "Ticket",
    "WaitingEntry",
]
