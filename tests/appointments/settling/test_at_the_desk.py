"""A booking whose time is closed, at the desk: marked in the list and on its page, and no no-show."""

import pytest
from django.urls import reverse

from appointments.desk import attendance
from appointments.settling import services as settling
from portal.ui.errors import RuleBroken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def day_of(client, center) -> str:
    day = at(3, 9).date().isoformat()
    return client.get(f"{reverse('desk')}?center={center.code}&day={day}").content.decode()


def page_of(client, appointment) -> str:
    return client.get(reverse("desk_appointment", args=[appointment.pk])).content.decode()


def test_the_list_and_the_page_say_so(signed_in, cadre, closed, booked, open_daily):
    client = signed_in(cadre)
    assert 'pill--warn whole">要安置' in day_of(client, open_daily)
    assert "打电话确认一下" not in day_of(client, open_daily)
    assert "约好的时间办不了（农忙）" in page_of(client, booked)


def test_control_of_an_open_time_they_do_not(signed_in, cadre, booked, open_daily):
    client = signed_in(cadre)
    assert "要安置" not in day_of(client, open_daily)
    assert "约好的时间办不了" not in page_of(client, booked)


def test_who_stays_away_from_a_closed_door_is_not_missed(closed, booked, cadre, time_machine):
    time_machine.move_to(at(3, 11), tick=False)
    with pytest.raises(RuleBroken) as refused:
        attendance.miss(appointment=booked, by=cadre)
    assert refused.value.code == "not_open"


def test_control_who_was_expected_on_purpose_is(closed, booked, cadre, time_machine):
    settling.keep(appointment=booked, how="opened", by=cadre)
    time_machine.move_to(at(3, 11), tick=False)
    assert attendance.miss(appointment=booked, by=cadre).missed_at
