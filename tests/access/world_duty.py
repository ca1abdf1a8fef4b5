"""One real object of our village for each duty URL."""

from datetime import time

from django.utils import timezone

from centers.models import Center, DutyShift
from portal.accounts.models import User
from tests import factories


def objects(center: Center, cadre: User) -> dict[str, list]:
    """The cadre has a shift today with a pending swap; a colleague has a pending leave."""
    today = timezone.localdate()
    her = factories.StaffFactory(center=center, user=cadre, name="刘晓敏", calendar_key="k" * 32, can_lead=True)
    colleague = factories.StaffFactory(center=center, name="孙梅")
    shift = factories.DutyShiftFactory(staff=her, date=today)
    factories.DutyShiftFactory(staff=colleague, date=today, position=DutyShift.Position.BACKUP)
    factories.open_on(center, *range(7), closes=time(23, 30))
    leave = factories.LeaveFactory(staff=colleague)
    factories.ItemAgentFactory(staff=her)
    factories.SlotGapFactory(slot=center.slots.first(), item_code="nobody-does-it")
    closure, rule = factories.ClosureNoticeFactory(center=center), center.opening_rules.first()
    closures = {f"closure{name}": [closure.pk] for name in ("", "_approve", "_withdraw")}
    leaves = {f"duty_leave{name}": [leave.pk] for name in ("", "_tell", "_cancel")}
    room, market = factories.RoomFactory(center=center), factories.MarketRuleFactory(division=center.division)
    places = {"manage_room": [room.pk], "manage_remove_room": [room.pk], "manage_remove_market": [market.pk]}
    return places | {
        "duty_half_day": [today.isoformat(), "morning"],
        "duty_person": [her.pk],
        **{name: ["yanglao-renzheng"] for name in ("duty_agents", "duty_item_off", "duty_item_on")},
        "duty_ask_swap": [shift.pk],
        "duty_declare": [shift.pk],
        "duty_answer_swap": [factories.ShiftSwapFactory(shift=shift, taker=colleague).pk, "agree"],
        "duty_leave_answer": [leave.pk, "agree"],
        "duty_ics": [her.calendar_key],
        "duty_check": [factories.PresenceReportFactory(center=center).pk],
        "duty_poster": [center.code],
        "here": [center.code],
        "desk_put_back": [factories.KeptBookingFactory(appointment__center=center).pk],
        "duty_change_hours": [rule.pk],
        "duty_delete_hours": [rule.pk],
        **leaves,
        **closures,
    }
