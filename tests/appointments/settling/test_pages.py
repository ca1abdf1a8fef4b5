"""The pages: hours, closures, what is to be settled; each for whom it is, and refused to others."""

import pytest
from django.urls import reverse

from appointments.booking import services as booking
from appointments.models import KeptBooking, Slot
from centers.models import ClosureNotice, OpeningRule
from centers.services import closures
from portal.notifications.models import Message
from tests import factories
from tests.appointments.settling.asking import answer_to
from tests.asked import asked
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def at_center(name: str, center, *args) -> str:
    return f"{reverse(name, args=args)}?center={center.code}"


def test_the_manager_asks_and_the_township_approves(signed_in, manager, officer, booked, open_daily):
    day = at(3, 9).date().isoformat()
    typed = {"first_date": day, "first_time": "00:00", "last_date": day, "last_time": "", "reason": "farming"}
    page = text(signed_in(manager).post(at_center("duty_ask_closure", open_daily), typed, follow=True))
    assert "这会碰到1个预约" in page and "等乡镇批准" in page

    closure = ClosureNotice.objects.get()
    assert open_daily.name in text(signed_in(officer).get(reverse("oversight_closures")))
    seen = text(signed_in(officer).get(reverse("closure", args=[closure.pk])))
    assert "这会碰到1个预约" in seen
    done = signed_in(officer).post(reverse("closure_approve", args=[closure.pk]), {"tell": "message"}, follow=True)
    assert "马上停约" in text(done)
    closure.refresh_from_db()
    assert closure.approved_by == officer
    assert asked(signed_in(manager), at_center("desk", open_daily)) == ["1个预约要安置"]


def test_looking_changes_nothing(signed_in, officer, closure, booked):
    signed_in(officer).get(reverse("closure", args=[closure.pk]))
    closure.refresh_from_db()
    assert closure.approved_at is None
    assert not Message.objects.filter(kind="closed").exists()


def test_nobody_approves_without_saying_how_people_are_told(signed_in, officer, closure, booked):
    answer = signed_in(officer).post(reverse("closure_approve", args=[closure.pk]), {})
    closure.refresh_from_db()
    assert (answer.status_code, closure.approved_at) == (422, None)


def test_strangers_do_not_see_it(signed_in, stranger, villager, closure):
    assert signed_in(stranger).get(reverse("closure", args=[closure.pk])).status_code == 404
    assert signed_in(villager).get(reverse("closure", args=[closure.pk])).status_code == 404
    assert signed_in(stranger).get(at_center("duty_hours", closure.center)).status_code in (403, 404)


def test_the_manager_cannot_approve(signed_in, manager, closure):
    page = signed_in(manager).post(reverse("closure_approve", args=[closure.pk]), {"tell": "call"}, follow=True)
    closure.refresh_from_db()
    assert closure.approved_at is None
    assert "批准停开要由管这个中心的乡镇或县里来做" in text(page)


@pytest.mark.parametrize("year", ["0000", "0001", "9999"])
def test_a_far_year_is_refused_in_words(signed_in, manager, open_daily, year):
    asked = {"first_date": f"{year}-12-31", "first_time": "08:00", "last_date": f"{year}-12-31", "reason": "other"}
    answer = signed_in(manager).post(at_center("duty_ask_closure", open_daily), asked)
    assert answer.status_code == 422
    assert not ClosureNotice.objects.exists()


def test_changing_hours_asks_first_whom_it_touches(signed_in, manager, booked, open_daily):
    rule = OpeningRule.objects.get(center=open_daily, weekday=at(3, 9).weekday())
    page = at_center("duty_change_hours", open_daily, rule.pk)
    typed = {
        "weekday": rule.weekday, "opens": "10:00", "closes": "11:30", "season_start": "", "season_end": "",
        "online_places": 2, "desk_places": 1, "walk_in_places": 1,
    }  # fmt: skip

    asks = signed_in(manager).post(page, typed)
    rule.refresh_from_db()
    assert "这会碰到1个预约" in text(asks) and rule.opens.hour == 8

    signed_in(manager).post(page, answer_to(text(asks)))
    rule.refresh_from_db()
    assert rule.opens.hour == 10
    assert Message.objects.filter(kind="closed", channel="sms").count() == 1


def test_a_change_that_touches_nobody_is_saved_at_once(signed_in, manager, open_daily):
    typed = {
        "weekday": 0, "opens": "14:00", "closes": "17:00", "season_start": "", "season_end": "",
        "online_places": 2, "desk_places": 1, "walk_in_places": 1,
    }  # fmt: skip
    signed_in(manager).post(at_center("duty_new_hours", open_daily), typed)
    assert OpeningRule.objects.filter(center=open_daily, opens="14:00").exists()


def test_the_same_hours_twice_are_refused_in_words(signed_in, manager, open_daily):
    typed = {
        "weekday": 0, "opens": "08:30", "closes": "11:30", "season_start": "", "season_end": "",
        "online_places": 2, "desk_places": 1, "walk_in_places": 1,
    }  # fmt: skip
    answer = signed_in(manager).post(at_center("duty_new_hours", open_daily), typed)
    assert answer.status_code == 422 and "重叠了" in text(answer)


def test_deleting_hours_asks_first(signed_in, manager, booked, open_daily):
    rule = OpeningRule.objects.get(center=open_daily, weekday=at(3, 9).weekday())
    page = at_center("duty_delete_hours", open_daily, rule.pk)
    asks = text(signed_in(manager).get(page))
    assert "这会碰到1个预约" in asks
    assert OpeningRule.objects.filter(pk=rule.pk).exists()

    signed_in(manager).post(page, answer_to(asks, "call"))
    assert not OpeningRule.objects.filter(pk=rule.pk).exists()
    assert Message.objects.get(kind="closed", channel="sms").state == "to_call"
    assert "要打电话" in text(signed_in(manager).get(at_center("desk_settle", open_daily)))


def test_what_is_to_be_settled_is_kept_on_purpose_and_put_back(signed_in, cadre, closed, booked, open_daily):
    listed = at_center("desk_settle", open_daily)
    assert "农忙" in text(signed_in(cadre).get(listed))
    signed_in(cadre).post(reverse("desk_keep", args=[booked.pk]), {"how": "home"})
    page = text(signed_in(cadre).get(listed))
    assert "没有要安置的" in page and "上门去办" in page

    signed_in(cadre).post(reverse("desk_put_back", args=[KeptBooking.objects.get().pk]))
    assert "农忙" in text(signed_in(cadre).get(listed))


def test_a_stranger_keeps_nothing(signed_in, stranger, closed, booked):
    assert signed_in(stranger).post(reverse("desk_keep", args=[booked.pk]), {"how": "home"}).status_code == 404
    assert not KeptBooking.objects.exists()


def test_the_slip_says_so_and_offers_other_times(client, closed, booked):
    page = text(client.get(reverse("booking", args=[booked.link])))
    assert "约好的时间办不了" in page and "最近还能约的时间" in page
    assert "到了窗口，报预约码" not in page


def test_without_a_provider_no_message_is_offered(signed_in, officer, closure, booked, settings):
    settings.MESSAGE_CHANNELS = settings.MESSAGE_CHANNELS | {"sms": "", "voice": ""}
    page = text(signed_in(officer).get(reverse("closure", args=[closure.pk])))
    assert "系统马上发消息" not in page and "这里还没有接通短信" in page

    signed_in(officer).post(reverse("closure_approve", args=[closure.pk]), {"tell": "message"})
    closure.refresh_from_db()
    assert closure.approved_at is None
    signed_in(officer).post(reverse("closure_approve", args=[closure.pk]), {"tell": "call"})
    assert Message.objects.get(kind="closed", channel="sms").state == "to_call"


def test_new_hours_take_nobody_elses_key(signed_in, manager, open_daily, other_center, monkeypatch):
    """The rehearsal is rolled back, and another center may get the key that it had used."""
    from appointments.settling import asking

    rehearse, theirs = asking.whom_it_touches, []

    def then_another_saves(change):
        found = rehearse(change)
        theirs.append(factories.OpeningRuleFactory(center=other_center, weekday=3))
        return found

    monkeypatch.setattr(asking, "whom_it_touches", then_another_saves)
    typed = {
        "weekday": 0, "opens": "14:00", "closes": "17:00", "season_start": "", "season_end": "",
        "online_places": 2, "desk_places": 1, "walk_in_places": 1,
    }  # fmt: skip
    signed_in(manager).post(at_center("duty_new_hours", open_daily), typed)

    theirs[0].refresh_from_db()
    assert (theirs[0].center, theirs[0].weekday) == (other_center, 3)
    assert OpeningRule.objects.filter(center=open_daily, opens="14:00").exists()


def test_a_closure_that_is_asked_for_with_two_taps_is_one(signed_in, manager, open_daily):
    day = at(3, 9).date().isoformat()
    asked = {"first_date": day, "first_time": "00:00", "last_date": day, "reason": "farming"}
    for _tap in range(2):
        signed_in(manager).post(at_center("duty_ask_closure", open_daily), asked)
    assert ClosureNotice.objects.count() == 1


def test_what_is_over_is_not_approved(signed_in, officer, closure, time_machine):
    time_machine.move_to(at(5, 9), tick=False)
    page = signed_in(officer).post(reverse("closure_approve", args=[closure.pk]), {"tell": "call"}, follow=True)
    closure.refresh_from_db()
    assert closure.approved_at is None and "已经过去了" in text(page)


@pytest.mark.parametrize("name", ["duty_hours", "duty_closures"])
def test_they_belong_to_duty_in_the_menu(signed_in, manager, open_daily, name):
    page = text(signed_in(manager).get(at_center(name, open_daily)))
    assert f'href="{reverse("duty")}" aria-current="page"' in page


def test_the_overview_says_what_waits_for_a_decision(signed_in, officer, stranger, closure):
    assert asked(signed_in(officer), "/oversight/") == ["1个停开等批准"]
    assert asked(signed_in(stranger), "/oversight/") == []
    closures.approve(closure=closure, by=officer)
    assert asked(signed_in(officer), "/oversight/") == []


def test_a_decided_closure_says_who_is_still_to_be_settled(signed_in, officer, closed, booked):
    page = reverse("closure", args=[closed.pk])
    assert "还有1个预约没有安置" in text(signed_in(officer).get(page))
    booking.cancel(appointment=booked, by_center=True)
    assert "都安置好了" in text(signed_in(officer).get(page))


def test_when_it_is_over_it_still_says_who_was_not_settled(signed_in, officer, closed, booked, time_machine):
    time_machine.move_to(at(4, 9), tick=False)
    assert "还有1个预约没有安置" in text(signed_in(officer).get(reverse("closure", args=[closed.pk])))


def test_a_managers_own_short_leave_waits_for_the_township(signed_in, officer, manager, open_daily):
    person = factories.StaffFactory(center=open_daily, user=manager)
    leave = factories.LeaveFactory(staff=person, first_date=at(3, 9).date(), half_days=2)
    assert asked(signed_in(officer), "/oversight/") == ["1个请假等批准"]
    other = factories.MembershipFactory(division=open_daily.division, role="manager")
    assert asked(signed_in(officer), "/oversight/") == []
    assert signed_in(other.user).get(reverse("duty_leave", args=[leave.pk])).status_code == 200


@pytest.mark.parametrize("is_closed", [True, False])
def test_who_settles_comes_back_to_the_list(signed_in, cadre, booked, closure, officer, is_closed):
    if is_closed:
        closures.approve(closure=closure, by=officer)
    slot = Slot.objects.open().filter(center=booked.center, starts_at__gt=booked.ends_at).order_by("starts_at").last()
    page = reverse("desk_move", args=[booked.pk])
    done = signed_in(cadre).post(page, {"slot": slot.pk})
    assert done["Location"].startswith(reverse("desk_settle")) is is_closed


def test_a_half_day_that_is_closed_is_not_a_remark_on_the_other(client, closure, manager, officer, open_daily):
    half = {"starts_at": at(3, 10), "ends_at": at(3, 12), "reason": "other", "note": "停电"}
    closures.withdraw(closure=closure, by=manager)
    closures.approve(closure=closures.request(center=open_daily, by=manager, **half), by=officer)
    assert "其余时间不开：停电" in text(client.get(reverse("center", args=[open_daily.code])))


def test_who_may_not_approve_is_told_who_may(signed_in, manager, officer, closure):
    page = reverse("closure", args=[closure.pk])
    assert f"能批准的人：{officer.name}" in text(signed_in(manager).get(page)).replace("\n", "").replace("  ", "")
    officer.memberships.all().delete()
    assert "现在没有人能批准" in text(signed_in(manager).get(page))
