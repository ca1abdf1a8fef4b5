"""Each displaced person is told once, with the nearest alternatives; nothing goes out that says come."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import reminders as reminding
from appointments.booking import services as booking
from appointments.catalog import services as catalog
from appointments.models import Slot
from appointments.settling import services as settling
from appointments.settling.telling import staff_will_call
from centers.days.following import together
from centers.days.keeping import keep
from centers.models import OpeningRule
from centers.services import closures
from portal.notifications.models import Message
from portal.notifications.services import wording
from portal.ui.errors import Changed, RuleBroken
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def said(kind: str) -> list[str]:
    """States of the SMS of this kind, without withdrawn ones."""
    sms = Message.objects.filter(kind=kind, channel="sms").exclude(state="withdrawn")
    return list(sms.order_by("pk").values_list("state", flat=True))


def words(channel: str = "inbox") -> list[str]:
    """What is said now."""
    rows = list(Message.objects.filter(channel=channel).exclude(state="withdrawn").order_by("pk"))
    return [message.body for message in wording.shown(rows, timezone.now())]


def reached(kind: str = "closed") -> None:
    Message.objects.filter(kind=kind, channel="sms").update(state="sent", sent_at=timezone.now())


def test_the_person_is_told_with_alternatives(closed, booked):
    assert said("closed") == ["pending"]
    (only,) = words()
    assert "农忙" in only and "点进去看现在还能约的时间" in only


def test_it_fits_into_one_sms(closed, booked):
    assert all(len(text) <= 70 for text in words("sms"))


def test_once_whatever_comes_after(closed, booked, open_daily):
    keep([open_daily])
    open_daily.days.update(version=7, reason="")
    keep([open_daily])
    assert len(said("closed")) == 1


def reminders(time_machine) -> list[str]:
    """What the reminder of the day before says at its hour."""
    time_machine.move_to(at(2, 9), tick=False)
    reminding.catch_up()
    return [text for text in words("sms") if "提醒您" in text]


def test_no_reminder_goes_out(closed, booked, time_machine):
    assert reminders(time_machine) == []


def test_none_is_planned_again_each_minute(closed, booked, time_machine):
    time_machine.move_to(at(2, 9), tick=False)
    assert (reminding.catch_up(), reminding.catch_up()) == (0, 0)
    assert not reminding.unplanned(timezone.now()).exists()


def test_control_without_the_closure_one_does(booked, time_machine):
    assert len(reminders(time_machine)) == 1


@pytest.mark.parametrize(("how", "number"), [("opened", 1), ("home", 0), ("elsewhere", 0), ("agreed", 0)])
def test_one_does_where_somebody_opens_on_purpose(closed, booked, cadre, time_machine, how, number):
    """Who is visited at home, or served elsewhere, is not asked to come to a locked door."""
    settling.keep(appointment=booked, how=how, by=cadre)
    assert len(reminders(time_machine)) == number


def test_what_was_kept_for_one_closure_is_told_of_the_next(closed, booked, cadre, manager, officer, open_daily):
    reached()
    settling.keep(appointment=booked, how="home", by=cadre)
    closures.withdraw(closure=closed, by=manager)
    again = closures.request(center=open_daily, starts_at=at(3, 0), ends_at=at(4, 0), reason="other", by=manager)
    closures.approve(closure=again, by=officer)
    assert said("closed") == ["sent", "pending"]


def test_what_is_kept_is_not_said_to_be_open_again(closed, booked, cadre, manager, officer, open_daily):
    reached()
    settling.keep(appointment=booked, how="home", by=cadre)
    longer = closures.request(center=open_daily, starts_at=at(2, 0), ends_at=at(4, 0), reason="other", by=manager)
    closures.approve(closure=longer, by=officer)
    closures.withdraw(closure=closed, by=manager)
    assert said("reopened") == []


def test_kept_before_anything_was_sent_the_confirmation_goes_out(closed, booked, cadre):
    settling.keep(appointment=booked, how="opened", by=cadre)
    rows = Message.objects.filter(channel="sms", state="pending")
    sent = wording.prepare(list(rows.values_list("pk", flat=True)), timezone.now())
    assert [Message.objects.get(pk=pk).kind for pk in sent] == ["confirmed"]


def test_who_is_no_longer_kept_is_told_again(closed, booked, cadre):
    reached()
    kept = settling.keep(appointment=booked, how="home", by=cadre)
    settling.put_back(kept=kept, by=cadre)
    assert said("closed")[-1] == "pending"


def test_the_last_rule_that_is_deleted_closes_every_day(booked, open_daily):
    with together():
        OpeningRule.objects.filter(center=open_daily).delete()
    assert said("closed") == ["pending"]
    assert not Slot.objects.open().filter(center=open_daily).exists()


def test_an_ended_item_offers_no_other_times(booked, officer, client):
    catalog.end(item=booked.item, by=officer)
    assert "还能约" not in "".join(words())
    page = client.get(reverse("booking", args=[booked.link])).content.decode()
    assert "最近还能约的时间" not in page and "这里不再办这件事" in page
    with pytest.raises(RuleBroken) as refused:
        booking.move(appointment=booked, slot=Slot.objects.get(starts_at=at(4, 9)))
    assert refused.value.code == "item_gone"


def test_an_item_that_is_offered_again_is_told_to_whoever_heard_of_its_end(booked, officer):
    catalog.end(item=booked.item, by=officer)
    reached()
    for _tap in range(2):
        again = catalog.resume(item=booked.item, by=officer)
    assert (again.version, again.valid_to) == (booked.item.version + 1, None)
    assert "又能办了" in words()[-1]
    assert said("reopened") == ["pending"]


def anew(item) -> dict:
    kept = ("division", "code", "category", "name", "everyday_name", "statutory_kind", "promised_kind", "handling_mode")
    return {name: getattr(item, name) for name in kept}


def test_an_ended_code_can_be_entered_anew(booked, officer):
    ended = catalog.end(item=booked.item, by=officer)
    catalog.create(by=officer, **anew(ended))
    assert said("closed") == []


def test_control_a_code_in_use_cannot(booked, officer):
    with pytest.raises(Changed):
        catalog.create(by=officer, **anew(booked.item))


def test_the_reason_is_that_of_the_booked_time(booked, open_daily, manager, officer):
    """Not that of another closure on the same day."""
    for hours, reason in [((8, 9), "renovation"), ((9, 10), "farming")]:
        asked = closures.request(
            center=open_daily, starts_at=at(3, hours[0]), ends_at=at(3, hours[1]), reason=reason, by=manager
        )
        closures.approve(closure=asked, by=officer)
    assert [one.why for one in settling.waiting_at(open_daily)] == ["农忙"]


def test_a_day_with_other_hours_is_no_reason(booked, open_daily):
    """A make-up workday follows Monday's hours."""
    factories.CalendarDayFactory(date=at(3, 9).date(), kind="make_up", name="国庆节后补班")
    with together():
        OpeningRule.objects.filter(center=open_daily).delete()
    assert [one.why for one in settling.waiting_at(open_daily)] == ["不开门"]


def test_who_cancels_a_closed_time_is_not_late(closed, booked, time_machine):
    time_machine.move_to(at(3, 8), tick=False)
    booking.cancel(appointment=booked)
    booked.refresh_from_db()
    assert booked.is_late_cancellation is False


def test_control_who_cancels_an_open_time_is(booked, time_machine):
    time_machine.move_to(at(3, 8), tick=False)
    booking.cancel(appointment=booked)
    booked.refresh_from_db()
    assert booked.is_late_cancellation is True


def test_who_was_told_hears_that_it_is_open_again(closed, booked, manager, time_machine):
    reached()
    closures.withdraw(closure=closed, by=manager)
    assert said("reopened") == ["pending"]
    assert len(reminders(time_machine)) == 1


def test_whom_nothing_has_reached_yet_hears_of_neither(closed, booked, manager):
    closures.withdraw(closure=closed, by=manager)
    assert (said("closed"), said("reopened")) == ([], [])


def test_who_was_not_told_hears_nothing_of_it(closure, booked, manager):
    closures.withdraw(closure=closure, by=manager)
    assert said("reopened") == []


def test_who_moved_meanwhile_hears_nothing_of_it(closed, booked, manager):
    reached()
    booking.move(appointment=booked, slot=Slot.objects.get(starts_at=at(4, 9)))
    closures.withdraw(closure=closed, by=manager)
    assert said("reopened") == []


def test_a_second_closure_after_reopening_is_told_again(closed, booked, manager, officer, open_daily):
    reached()
    closures.withdraw(closure=closed, by=manager)
    again = closures.request(center=open_daily, starts_at=at(3, 0), ends_at=at(4, 0), reason="other", by=manager)
    closures.approve(closure=again, by=officer)
    assert said("closed") == ["sent", "pending"]


def test_where_staff_call_nothing_is_sent(closure, booked, officer):
    with staff_will_call():
        closures.approve(closure=closure, by=officer)
    assert said("closed") == ["to_call"]


@pytest.mark.parametrize(("hours", "urgent"), [(1.5, True), (30, False)])
def test_a_visit_that_is_near_is_told_at_any_hour(closure, booked, officer, time_machine, hours, urgent):
    from datetime import timedelta

    time_machine.move_to(at(3, 9) - timedelta(hours=hours))
    closures.approve(closure=closure, by=officer)
    assert Message.objects.get(kind="closed", channel="sms").is_urgent is urgent


def test_kept_a_second_time_it_is_kept_in_the_other_way(closed, booked, cadre, manager):
    settling.keep(appointment=booked, how="home", by=cadre)
    kept = settling.keep(appointment=booked, how="opened", by=manager)
    assert (kept.how, kept.by) == ("opened", manager)
    assert booked.kept.count() == 1


def test_it_cannot_be_moved_to_the_closed_time_that_it_has(closed, booked, slot):
    with pytest.raises(RuleBroken) as refused:
        booking.move(appointment=booked, slot=slot)
    assert refused.value.code == "slot_gone"


def test_control_a_second_tap_on_an_open_time_changes_nothing(booked, slot):
    assert booking.move(appointment=booked, slot=slot).move_count == 0
