from centers.days.models import CenterDay
from centers.duty.models import DutyShift, Leave, Part, PresenceReport, Roster, ShiftSwap
from centers.models.calendar import CalendarDay, ClosureNotice, MarketDay, MarketRule
from centers.models.center import Center, FormerCode, Room, RoomFunction
from centers.models.default_hours import DefaultHours
from centers.models.division import Division
from centers.models.membership import Membership
from centers.models.notice import HolidayNotice
from centers.models.opening import OpeningRule
from centers.models.staff import Staff
from centers.models.succession import Succession
from centers.models.token import ApiToken
from centers.people.models import FamilyLink, GroupTag, JoinedResident, Resident

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Center",
    "CenterDay",
    "ClosureNotice",
    "DefaultHours",
    "Division",
    "DutyShift",
    "FamilyLink",
    "FormerCode",
    "GroupTag",
    "HolidayNotice",
    "JoinedResident",
    "Leave",
    "MarketDay",
    "MarketRule",
    "Membership",
    "OpeningRule",
    "Part",
    "PresenceReport",
    "Resident",
    "Room",
    "RoomFunction",
    "Roster",
    "ShiftSwap",
    "Staff",
    "Succession",
]
