"""Leave: who approves how many days, and which appointments it affects."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.leave.impact import affected_by
from appointments.models import Slot
from centers.duty import leave_levels as pure
from centers.duty import leaves
from centers.models import DutyShift, Leave
from portal.notifications.models import Message
from portal.ui.errors import Changed, NotAllowed, RuleBroken
from tests import factories
from tests.appointments.steps import book

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


@pytest.fixture
def hers(team, cadre):
    """刘晓敏 has the cadre's account."""
    team[2].user = cadre
    team[2].save()
    return team[2]


@pytest.fixture
def friday(open_weekdays, december, hers):
    on_duty(hers)
    return FRIDAY


def on_duty(person, **more):
    factories.DutyShiftFactory(staff=person, date=FRIDAY, **more)
    factories.arrange(person.center)
    Slot.objects.exclude(starts_at__date=FRIDAY).delete()


def ask(person, by, last=FRIDAY, first=FRIDAY, first_part="morning", last_part="evening"):
    return leaves.ask(staff=person, first_date=first, first_part=first_part, last_date=last, last_part=last_part, by=by)


@pytest.mark.parametrize(
    ("first", "part", "last", "until", "days"),
    [
        (FRIDAY, "morning", FRIDAY, "evening", 1),
        (FRIDAY, "morning", FRIDAY, "morning", 0.5),
        (FRIDAY, "afternoon", FRIDAY, "evening", 0.5),
        (FRIDAY, "afternoon", MONDAY, "morning", 3),
        (FRIDAY, "morning", MONDAY, "evening", 4),
    ],
)
def test_half_days_are_counted(first, part, last, until, days):
    assert pure.length(first, part, last, until) == days


def test_the_center_agrees_to_a_day(friday, hers, cadre, manager):
    assert leaves.agree(leave=ask(hers, cadre), by=manager).agreed_by == manager


def test_three_days_are_agreed_by_the_center_and_reported(friday, hers, cadre, manager, signed_in, officer):
    leaves.agree(leave=ask(hers, cadre, last=date(2026, 11, 29)), by=manager)
    assert "刘晓敏" in signed_in(officer).get(reverse("duty_leaves")).content.decode()


def test_a_day_is_not_the_townships_business(friday, hers, cadre, manager, signed_in, officer):
    leaves.agree(leave=ask(hers, cadre), by=manager)
    assert "刘晓敏" not in signed_in(officer).get(reverse("duty_leaves")).content.decode()


@pytest.mark.parametrize("is_asleep", [False, True])
def test_it_is_where_the_other_managers_account_sleeps(friday, hers, cadre, manager, signed_in, officer, is_asleep):
    manager.asleep_since = timezone.now() if is_asleep else None
    manager.save()
    leave = ask(hers, cadre)

    listed = signed_in(officer).get(reverse("duty_leaves")).context
    assert (list(listed["waiting"]), list(listed["at_centers"])) == (([leave], []) if is_asleep else ([], [leave]))


def test_more_than_three_days_are_the_townships(friday, hers, cadre, manager, officer):
    leave = ask(hers, cadre, last=MONDAY)
    with pytest.raises(NotAllowed) as refused:
        leaves.agree(leave=leave, by=manager)
    assert refused.value.code == "township_decides"
    assert leaves.agree(leave=leave, by=officer).agreed_by == officer


def test_nobody_agrees_to_their_own(friday, team, manager):
    team[0].user = manager
    team[0].save()
    with pytest.raises(NotAllowed) as refused:
        leaves.agree(leave=ask(team[0], manager), by=manager)
    assert refused.value.code == "own_leave"


def test_a_colleague_cannot_ask_for_somebody_else(friday, team, cadre):
    with pytest.raises(NotAllowed):
        ask(team[3], cadre)


def test_a_stranger_cannot_agree(friday, hers, cadre, stranger):
    with pytest.raises(NotAllowed):
        leaves.agree(leave=ask(hers, cadre), by=stranger)


def test_asking_is_idempotent(friday, hers, cadre):
    assert ask(hers, cadre) == ask(hers, cadre)


def test_two_leaves_do_not_overlap(friday, hers, cadre):
    ask(hers, cadre)
    with pytest.raises(RuleBroken) as refused:
        ask(hers, cadre, last=MONDAY)
    assert refused.value.code == "overlaps"


def test_it_ends_after_it_starts(friday, hers, cadre):
    with pytest.raises(RuleBroken) as refused:
        ask(hers, cadre, first_part="afternoon", last_part="morning")
    assert refused.value.code == "not_in_order"


def test_days_past_are_not_asked_for(friday, hers, cadre):
    with pytest.raises(RuleBroken) as refused:
        ask(hers, cadre, first=date(2026, 11, 23), last=date(2026, 11, 24))
    assert refused.value.code == "past"


def test_agreeing_after_it_was_taken_back_says_so(friday, hers, cadre, manager):
    leave = ask(hers, cadre)
    leaves.withdraw(leave=leave, by=cadre)
    with pytest.raises(Changed):
        leaves.agree(leave=leave, by=manager)


def test_it_shows_at_once_which_appointments_it_affects(friday, hers, cadre, signed_in, item, resident):
    book(Slot.objects.open().first(), item, resident)
    page = signed_in(cadre).post(
        reverse("duty_ask_leave"),
        {
            "staff": hers.pk,
            "first_date": FRIDAY,
            "first_part": "morning",
            "last_date": FRIDAY,
            "last_part": "evening",
        },
        follow=True,
    )
    said = page.content.decode()
    assert "碰到1个预约" in said
    assert resident.name in said


def test_who_steps_in_is_named(friday, hers, team, cadre, item, resident):
    on_duty(team[3], position=DutyShift.Position.BACKUP)
    book(Slot.objects.open().first(), item, resident)
    assert [one.stands_in for one in affected_by(ask(hers, cadre))] == ["孙梅"]


def test_nobody_is_named_where_nobody_handles_the_item(friday, hers, team, cadre, item, resident):
    on_duty(team[3], position=DutyShift.Position.BACKUP)
    factories.ItemAgentFactory(staff=hers, item_code=item.code)
    book(Slot.objects.open().first(), item, resident)
    assert [one.stand_ins for one in affected_by(ask(hers, cadre))] == [[]]


def test_what_a_colleague_handles_is_not_touched(friday, hers, team, cadre, item, resident):
    factories.ItemAgentFactory(staff=team[3], item_code=item.code)
    book(Slot.objects.open().first(), item, resident)
    assert affected_by(ask(hers, cadre)) == []


def test_the_other_half_day_is_not_touched(friday, hers, cadre, item, resident, team):
    on_duty(team[3], part="afternoon")
    book(Slot.objects.open().order_by("starts_at").last(), item, resident)
    assert affected_by(ask(hers, cadre)) == []


def test_nobody_is_told_before_it_is_agreed(friday, hers, cadre, signed_in, item, resident):
    book(Slot.objects.open().first(), item, resident)
    leave = ask(hers, cadre)
    page = signed_in(cadre).post(reverse("duty_leave_tell", args=[leave.pk]), follow=True)
    assert "还没有同意" in page.content.decode()
    assert not Message.objects.filter(kind__in=("duty_changed", "closed")).exists()


def test_what_nobody_can_see_to_is_cancelled_by_the_center(friday, hers, cadre, manager, signed_in, item, resident):
    booked = book(Slot.objects.open().first(), item, resident)
    leave = leaves.agree(leave=ask(hers, cadre), by=manager)
    signed_in(cadre).post(reverse("duty_leave_cancel", args=[leave.pk]))
    booked.refresh_from_db()
    assert (booked.cancelled_by, booked.cancel_reason) == ("center", "办这件事的人请假")


def test_what_somebody_sees_to_is_kept(friday, hers, team, cadre, manager, signed_in, item, resident):
    on_duty(team[3], position=DutyShift.Position.BACKUP)
    booked = book(Slot.objects.open().first(), item, resident)
    leave = leaves.agree(leave=ask(hers, cadre), by=manager)
    signed_in(cadre).post(reverse("duty_leave_cancel", args=[leave.pk]))
    booked.refresh_from_db()
    assert booked.cancelled_at is None


def test_the_township_sees_no_names_in_full(friday, hers, cadre, officer, signed_in, item, resident):
    book(Slot.objects.open().first(), item, resident)
    page = signed_in(officer).get(reverse("duty_leave", args=[ask(hers, cadre).pk])).content.decode()
    assert "王*兰" in page
    assert resident.name not in page
    assert resident.phone not in page


def test_a_refusal_has_a_reason(friday, hers, cadre, manager, signed_in):
    leave = ask(hers, cadre)
    client = signed_in(manager)
    client.post(reverse("duty_leave_answer", args=[leave.pk, "refuse"]), {"refusal": ""})
    assert Leave.objects.get().is_waiting
    client.post(reverse("duty_leave_answer", args=[leave.pk, "refuse"]), {"refusal": "那天人手不够"})
    assert Leave.objects.get().refusal == "那天人手不够"


@pytest.mark.parametrize("number", [20, 200])
def test_queries_do_not_grow_with_what_is_touched(
    number, friday, hers, center, cadre, signed_in, item, django_assert_max_num_queries
):
    starts_at = Slot.objects.open().first().starts_at
    for _one in range(number):
        factories.AppointmentFactory(center=center, item=item, starts_at=starts_at)
    leave, client = ask(hers, cadre), signed_in(cadre)
    with django_assert_max_num_queries(30):
        client.get(reverse("duty_leave", args=[leave.pk]))
