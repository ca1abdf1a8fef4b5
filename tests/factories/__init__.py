"""A factory a model, with named states where a test would otherwise spell them out."""

from tests.factories.accounts import UserFactory
from tests.factories.appointments import (
    AppointmentFactory,
    OfflineMarkFactory,
    PlaceFactory,
    ServiceItemFactory,
    SlotFactory,
)
from tests.factories.assessments import RatingFactory
from tests.factories.centers import (
    ApiTokenFactory,
    CalendarDayFactory,
    CenterFactory,
    ClosureNoticeFactory,
    DivisionFactory,
    FamilyLinkFactory,
    GroupTagFactory,
    MarketDayFactory,
    MarketRuleFactory,
    MembershipFactory,
    OpeningRuleFactory,
    ResidentFactory,
    RoomFactory,
    RoomFunctionFactory,
)
from tests.factories.duty import (
    DutyShiftFactory,
    ItemAgentFactory,
    LeaveFactory,
    PresenceReportFactory,
    RosterFactory,
    ShiftSwapFactory,
    SlotGapFactory,
    StaffFactory,
)
from tests.factories.notifications import BeatFactory, MessageFactory

__all__ = [
    "ApiTokenFactory",
    "AppointmentFactory",
    "BeatFactory",
    "CalendarDayFactory",
    "CenterFactory",
    "ClosureNoticeFactory",
    "DivisionFactory",
    "DutyShiftFactory",
    "FamilyLinkFactory",
    "GroupTagFactory",
    "ItemAgentFactory",
    "LeaveFactory",
    "MarketDayFactory",
    "MarketRuleFactory",
    "MembershipFactory",
    "MessageFactory",
    "OfflineMarkFactory",
    "OpeningRuleFactory",
    "PlaceFactory",
    "PresenceReportFactory",
    "RatingFactory",
    "ResidentFactory",
    "RoomFactory",
    "RoomFunctionFactory",
    "RosterFactory",
    "ServiceItemFactory",
    "ShiftSwapFactory",
    "SlotFactory",
    "SlotGapFactory",
    "StaffFactory",
    "UserFactory",
]
