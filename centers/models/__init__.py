from centers.days.models import CenterDay
from centers.duty.models import DutyShift, Leave, Part, PresenceReport, Roster, ShiftSwap
from centers.models.calendar import CalendarDay, ClosureNotice, MarketDay, MarketRule
from centers.models.center import Center, FormerCode, Room, RoomFunction
from centers.models.default_hours import DefaultHours
from centers.models.division import Division
from centers.models.membership import MemberChange, Membership
from centers.models.notice import HolidayNotice
from centers.models.opening import OpeningRule
from centers.models.staff import Staff
from centers.models.succession import Succession
from centers.models.token import ApiToken
from centers.people.models import (
    Consent,
    CorrectedResident,
    Erasure,
    FamilyLink,
    GroupTag,
    JoinedResident,
    Resident,
)
from centers.rules.models import RuleChange
from centers.sheets.models import SheetFile, SheetPart, SheetUpload

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Center",
    "CenterDay",
    "ClosureNotice",
    "Consent",
    "CorrectedResident",
    "DefaultHours",
    "Division",
    "DutyShift",
    "Erasure",
    "FamilyLink",
    "FormerCode",
    "GroupTag",
    "HolidayNotice",
    "JoinedResident",
    "Leave",
    "MarketDay",
    "MarketRule",
    "MemberChange",
    "Membership",
    "OpeningRule",
    "Part",
    "PresenceReport",
    "Resident",
    "Room",
    "RoomFunction",
    "Roster",
    "RuleChange",
    "SheetFile",
    "SheetPart",
    "SheetUpload",
    "ShiftSwap",
    "Staff",
    "Succession",
]
