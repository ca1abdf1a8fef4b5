from centers.models.calendar import CalendarDay, ClosureNotice, MarketDay, MarketRule, OpeningRule
from centers.models.center import Center, Room, RoomFunction
from centers.models.division import Division
from centers.models.membership import Membership
from centers.models.resident import FamilyLink, GroupTag, Resident
from centers.models.token import ApiToken

__all__ = [
    "ApiToken",
    "CalendarDay",
    "Center",
    "ClosureNotice",
    "Division",
    "FamilyLink",
    "GroupTag",
    "MarketDay",
    "MarketRule",
    "Membership",
    "OpeningRule",
    "Resident",
    "Room",
    "RoomFunction",
]
