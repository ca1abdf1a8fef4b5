"""The pages about duty, and a month that is worth looking at."""

from datetime import time

from django.utils import timezone

from centers.days.following import together
from centers.models import Center, DutyShift
from tests import factories
from tests.factories.appointments import at

PAGES = [
    (None, "/centers/{code}/duty/"),
    (None, "/centers/{code}/here/"),
    (None, "/centers/{code}/here/?said=no"),
    ("manager", "/desk/duty/"),
    ("manager", "/desk/duty/plan/?how=fresh"),
    ("manager", "/desk/duty/days/{day}/morning/"),
    ("manager", "/desk/duty/people/"),
    ("manager", "/desk/duty/people/new/"),
    ("manager", "/desk/duty/items/"),
    ("manager", "/desk/duty/items/yanglao-renzheng/"),
    ("manager", "/desk/duty/leave/{leave}/"),
    ("cadre", "/desk/duty/mine/"),
    ("cadre", "/desk/duty/mine/leave/"),
    ("cadre", "/desk/duty/shifts/{shift}/swap/"),
    ("cadre", "/desk/duty/leave/{leave}/cancel/"),
    ("cadre", "/desk/duty/evidence/"),
    ("officer", "/oversight/leave/"),
    ("officer", "/oversight/presence/"),
]


def world(center: Center, item) -> dict:
    """Three people, one with a long name; one has shifts, has asked for a swap and for leave."""
    today = timezone.localdate()
    her, long, third = (
        factories.StaffFactory(center=center, name=name, is_phone_public=True, can_lead=True)
        for name in ("刘晓敏", "阿卜杜热西提·买买提明", "孙梅")
    )
    with together():
        factories.open_on(center, today.weekday(), opens=time(0, 30), closes=time(23, 30))
        factories.open_on(center, *({*range(7)} - {today.weekday()}), closes=time(16, 30))
    for day in range(3):
        for part in ("morning", "afternoon"):
            date = at(day, 0).date()
            shift = factories.DutyShiftFactory(staff=her, date=date, part=part)
            factories.DutyShiftFactory(staff=long, date=date, part=part, position=DutyShift.Position.BACKUP)
    factories.ShiftSwapFactory(shift=shift, taker=third)
    leave = factories.LeaveFactory(staff=her, first_date=at(1, 0).date(), last_date=at(6, 0).date(), half_days=12)
    factories.PresenceReportFactory(center=center)
    factories.ItemAgentFactory(staff=her, item_code=item.code)
    return {"leave": leave.pk, "shift": shift.pk, "her": her}


def name(her, user) -> None:
    """The cadre's account is hers."""
    her.user = user
    her.save(update_fields=["user"])
