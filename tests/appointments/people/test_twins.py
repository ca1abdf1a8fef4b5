"""One person listed twice: the center joins the rows once nothing is in the way, and it stays on record."""

import pytest
from django.urls import reverse

from appointments.booking import services as booking
from appointments.models import Appointment, Place
from centers.models import FamilyLink, JoinedResident, Resident
from centers.people import joining
from centers.people.messages import person_of
from portal.notifications.models import Message
from tests import factories
from tests.appointments import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(village, resident):
    """As the migration leaves somebody who held two places in one slot."""
    return factories.ResidentFactory(
        division=village, name=resident.name, phone=resident.phone, twin_of=resident, villager_group="一组"
    )


@pytest.fixture
def client(signed_in, cadre, center):
    return signed_in(cadre)


@pytest.fixture
def both_hold(slot, item, resident, twin):
    return [steps.book(slot, item, one) for one in (resident, twin)]


def test_two_places_in_one_slot_are_for_the_center(client, both_hold, resident, twin):
    page = client.get("/desk/people/").content.decode()
    assert "两边约了同一个时间" in page and reverse("desk_join", args=[twin.pk]) not in page

    client.post(reverse("desk_join", args=[twin.pk]))
    assert Resident.objects.filter(pk=twin.pk).exists()


def test_they_are_joined_when_one_place_is_given_back(client, both_hold, resident, twin):
    booking.cancel(appointment=both_hold[0])

    client.post(reverse("desk_join", args=[twin.pk]))

    assert Resident.objects.get() == resident
    assert {one.resident_id for one in Appointment.objects.all()} == {resident.pk}
    assert {one.resident_id for one in Place.objects.all()} == {resident.pk}
    record = JoinedResident.objects.get()
    assert (record.kept, record.former_pk, record.phone) == (resident, twin.pk, resident.phone)
    assert record.moved["appointments.Appointment.resident"] == [both_hold[1].pk]
    resident.refresh_from_db()
    assert resident.villager_group == "一组"


def test_messages_and_family_go_along(both_hold, resident, twin, cadre):
    booking.cancel(appointment=both_hold[0])
    son = factories.FamilyLinkFactory(resident=twin).user
    factories.FamilyLinkFactory(resident=resident, user=son)
    said = Message.objects.filter(person=person_of(twin)).count()
    before = Message.objects.count()

    joining.settle(twin=twin, by=cadre)

    assert said and Message.objects.filter(person=person_of(twin)).count() == 0
    assert Message.objects.count() == before
    links = FamilyLink.objects.filter(user=son, resident=resident)
    assert [link.ended_at is None for link in links.order_by("ended_at")].count(True) == 1 and links.count() == 2


def test_pressed_twice_is_joined_once(client, resident, twin):
    for _time in range(2):
        client.post(reverse("desk_join", args=[twin.pk]))

    assert JoinedResident.objects.count() == 1


def test_another_village_neither_sees_nor_joins_them(signed_in, other_center, twin):
    theirs = signed_in(factories.MembershipFactory(division=other_center.division).user)

    assert twin.name not in theirs.get("/desk/people/").content.decode()
    assert theirs.post(reverse("desk_join", args=[twin.pk])).status_code == 404


def test_a_booking_goes_to_the_one_that_stays(api_book, resident, twin):
    assert api_book().resident == resident


@pytest.fixture
def api_book(center, slot, item, client):
    from tests.api.conftest import Api

    def book() -> Appointment:
        assert Api().book(slot).status_code == 201
        return Appointment.objects.get()

    return book


@pytest.mark.parametrize(("had", "has"), [("", "听不见，找他儿子"), ("东头的", "东头的")])
def test_the_remark_goes_along_and_stays_on_record(twin, resident, cadre, had, has):
    Resident.objects.filter(pk=resident.pk).update(remark=had)
    Resident.objects.filter(pk=twin.pk).update(remark="听不见，找他儿子")

    joining.settle(twin=twin, by=cadre)

    resident.refresh_from_db()
    assert (resident.remark, JoinedResident.objects.get().remark) == (has, "听不见，找他儿子")
