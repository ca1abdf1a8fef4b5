import pytest
import time_machine

from appointments.desk import attendance
from appointments.slots.capacity import SlotFull
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(slot, item, resident):
    return book(slot, item, resident)


@pytest.fixture
def that_morning(appointment):
    with time_machine.travel(at(3, 9, 10)) as clock:
        yield clock


def test_serving_implies_arriving(appointment, cadre, that_morning):
    served = attendance.serve(appointment=appointment, by=cadre)
    assert (served.status, served.arrived_at == served.served_at, served.served_by) == ("served", True, cadre)


def test_serving_twice_invites_to_rate_once(appointment, cadre, that_morning):
    for _tap in range(2):
        attendance.serve(appointment=appointment, by=cadre)
    assert Message.objects.filter(kind="rate", channel="sms").count() == 1


def test_undo_goes_back_one_mark_at_a_time(appointment, cadre, that_morning):
    attendance.serve(appointment=appointment, by=cadre)
    marks = [attendance.undo(appointment=appointment, by=cadre).status for _tap in range(2)]
    assert marks == ["arrived", "booked"]


def test_undoing_a_service_withdraws_the_invitation_to_rate(appointment, cadre, that_morning):
    attendance.serve(appointment=appointment, by=cadre)
    attendance.undo(appointment=appointment, by=cadre)
    assert set(Message.objects.filter(kind="rate").values_list("state", flat=True)) == {"withdrawn"}


def test_serving_again_after_undo_invites_again(appointment, cadre, that_morning):
    attendance.serve(appointment=appointment, by=cadre)
    attendance.undo(appointment=appointment, by=cadre)
    attendance.serve(appointment=appointment, by=cadre)
    assert Message.objects.filter(kind="rate", state="pending", channel="sms").count() == 1


def test_a_rated_service_cannot_be_undone(appointment, cadre, that_morning):
    served = attendance.serve(appointment=appointment, by=cadre)
    served.rated_at = served.served_at
    served.save(update_fields=["rated_at"])
    with pytest.raises(RuleBroken, match="评价过"):
        attendance.undo(appointment=appointment, by=cadre)


def test_missing_gives_the_place_to_others(appointment, slot, cadre, that_morning):
    attendance.miss(appointment=appointment, by=cadre)
    assert taken(slot) == (0, 0)


def test_nobody_has_missed_what_has_not_begun(appointment, cadre):
    with pytest.raises(RuleBroken, match="还没到约好的时间"):
        attendance.miss(appointment=appointment, by=cadre)


def test_undoing_a_miss_takes_the_place_again(appointment, slot, cadre, that_morning):
    attendance.miss(appointment=appointment, by=cadre)
    attendance.undo(appointment=appointment, by=cadre)
    assert taken(slot) == (1, 0)


def test_a_miss_whose_place_has_gone_to_others_stays(appointment, slot, item, cadre, that_morning):
    attendance.miss(appointment=appointment, by=cadre)
    for _number in range(2):
        book(slot, item, factories.ResidentFactory(), channel="desk", by=cadre)
    with pytest.raises(SlotFull):
        attendance.undo(appointment=appointment, by=cadre)


def test_a_mark_is_made_on_the_day_itself(appointment, cadre):
    with pytest.raises(RuleBroken, match="以后的预约"):
        attendance.serve(appointment=appointment, by=cadre)


def test_yesterdays_mark_cannot_be_undone_today(appointment, cadre, that_morning):
    attendance.serve(appointment=appointment, by=cadre)
    that_morning.move_to(at(4, 9))
    with pytest.raises(RuleBroken, match="当天"):
        attendance.undo(appointment=appointment, by=cadre)
