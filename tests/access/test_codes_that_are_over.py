"""A code that is over opens nothing, and a try does not cost more for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.booking import look_up
from appointments.models import Appointment, Case, WaitingEntry
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

PHONE = "13800005678"


@pytest.fixture
def make(center, item, resident):
    def appointment(starts_at=None, **fields):
        fields = {"phone": PHONE, "code": "482913", "starts_at": starts_at or at(2, 9), **fields}
        return factories.AppointmentFactory(center=center, item=item, resident=resident, **fields)

    return appointment


@pytest.fixture
def ask(client):
    return lambda: (
        client.post("/bookings/", {"phone": PHONE, "code": "482913"}).status_code,
        client.get(f"/api/v1/appointments/482913?phone={PHONE}").status_code,
    )


FOUND, OVER = (302, 200), (404, 404)


@pytest.mark.parametrize(("day", "answer"), [(2, FOUND), (0, FOUND), (-1, OVER), (-30, OVER)])
def test_the_day_of_the_visit_is_the_last(make, ask, time_machine, day, answer):
    time_machine.move_to(at(0, 12), tick=False)
    make(at(day, 9))

    assert ask() == answer


@pytest.mark.parametrize(("hours", "answer"), [(1, FOUND), (23, FOUND), (25, OVER)])
def test_a_cancelled_one_is_found_for_a_day(make, ask, time_machine, hours, answer):
    booked = make()
    Appointment.objects.filter(pk=booked.pk).update(cancelled_at=timezone.now(), cancelled_by="villager")
    time_machine.move_to(timezone.now() + timedelta(hours=hours), tick=False)

    assert ask() == answer


@pytest.mark.parametrize(("hours", "status"), [(None, 302), (23, 302), (25, 404)])
def test_so_is_a_waiting_entry_that_ended(client, center, item, slot, hours, status):
    entry = factories.WaitingEntryFactory(slot=slot, center=center, item=item, phone=PHONE, code="482913")
    if hours:
        ended = timezone.now() - timedelta(hours=hours)
        WaitingEntry.objects.filter(pk=entry.pk).update(ended_at=ended, outcome="left")

    assert client.post("/bookings/", {"phone": PHONE, "code": "482913"}).status_code == status


@pytest.mark.parametrize(("days", "status"), [(None, 302), (6, 302), (8, 404)])
def test_a_case_is_found_as_long_as_it_may_be_reopened(client, days, status):
    case = factories.CaseFactory(phone=PHONE, code="482913")
    if days:
        closed = timezone.now() - timedelta(days=days)
        Case.objects.filter(pk=case.pk).update(closed_at=closed, outcome="withdrawn", stopped_on=None)

    assert client.post("/bookings/", {"phone": PHONE, "code": "482913"}).status_code == status


@pytest.mark.parametrize(("days", "status"), [(1, 302), (29, 302), (31, 404)])
def test_a_visit_is_rated_by_its_code_for_thirty_days(client, make, days, status):
    make(at(-days, 9), served=True)

    assert client.post("/rate/", {"phone": PHONE, "code": "482913"}).status_code == status


def test_what_is_over_makes_no_try_dearer(make, client, monkeypatch):
    monkeypatch.setattr(look_up, "COST_PER_PHONE", 3)
    for day in range(1, 30):
        make(at(-day, 9), code=f"3000{day:02}")

    answers = [client.post("/bookings/", {"phone": PHONE, "code": f"20000{n}"}).status_code for n in range(4)]

    assert answers == [404, 404, 404, 429]
