"""Putting a person right: what it touches is shown first, what they have ahead goes along, and it is undone."""

import pytest
from django.urls import reverse

from appointments.booking.messages import subject_of
from appointments.models import Appointment
from centers.models import CorrectedResident, JoinedResident, Resident
from centers.people.messages import person_of
from portal.notifications.models import Channel, Message
from portal.ui import words
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
NEW = "13700009999"


@pytest.fixture
def desk(signed_in, cadre, center):
    return signed_in(cadre)


@pytest.fixture
def ahead(slot, item, resident):
    return book(slot, item, resident)


def ask(desk, resident, **changed):
    values = {"name": resident.name, "phone": resident.phone, "villager_group": "", "remark": ""} | changed
    return desk.post(reverse("desk_correct", args=[resident.pk]), values)


def agree(desk, page):
    sent = page.context["values"] | {"sure": page.context["planned"].version}
    return desk.post(page.wsgi_request.path, sent)


def unsent(appointment):
    return factories.MessageFactory(
        subject=subject_of(appointment),
        person=person_of(appointment.resident),
        channel=Channel.SMS,
        address=appointment.phone,
        state="pending",
        due_at=at(2, 9),
    )


def test_nothing_is_stored_before_it_is_agreed_to(desk, resident, ahead):
    page = ask(desk, resident, phone=NEW)

    assert words.code(ahead.code) in page.content.decode()
    assert Resident.objects.get().phone == resident.phone and not CorrectedResident.objects.exists()


def test_what_lies_ahead_gets_the_new_number_and_what_is_over_keeps_the_old(desk, resident, center, item, ahead):
    over = factories.AppointmentFactory(
        center=center, item=item, resident=resident, phone=resident.phone, starts_at=at(-3, 9), served=True
    )
    message = unsent(ahead)

    agree(desk, ask(desk, resident, phone=NEW))

    phones = dict(Appointment.objects.values_list("pk", "phone"))
    assert phones == {ahead.pk: NEW, over.pk: resident.phone}
    assert Message.objects.get(pk=message.pk).address == Resident.objects.get().phone == NEW


def test_undoing_it_brings_all_of_it_back(desk, resident, ahead):
    message = unsent(ahead)
    agree(desk, ask(desk, resident, name="王桂莲", phone=NEW))
    undo = reverse("desk_correct_undo", args=[CorrectedResident.objects.get().pk])
    assert undo in desk.get(reverse("desk_person", args=[resident.pk])).content.decode()

    desk.post(undo)
    desk.post(undo)

    assert (Resident.objects.get().name, Resident.objects.get().phone) == ("王桂兰", resident.phone)
    assert Appointment.objects.get().phone == Message.objects.get(pk=message.pk).address == resident.phone


def test_it_is_not_undone_over_what_somebody_has_changed_since(desk, resident):
    agree(desk, ask(desk, resident, phone=NEW))
    Resident.objects.update(phone="13700008888")

    desk.post(reverse("desk_correct_undo", args=[CorrectedResident.objects.get().pk]))

    assert Resident.objects.get().phone == "13700008888"


def test_what_came_meanwhile_is_shown_before_it_is_touched(desk, resident, ahead, center, item):
    page = ask(desk, resident, phone=NEW)
    more = book(factories.SlotFactory(center=center, starts_at=at(4, 9)), item, resident)

    again = agree(desk, page)

    assert again.status_code == 409 and words.code(more.code) in again.content.decode()
    assert Resident.objects.get().phone == resident.phone
    assert agree(desk, again).status_code == 302  # the control


def test_nobody_is_listed_twice_by_a_correction(desk, resident, village, ahead):
    other = factories.ResidentFactory(division=village, name="王桂莲", phone=NEW)

    page = ask(desk, resident, name="王桂莲", phone=NEW)
    assert "是同一位吗" in page.content.decode() and Resident.objects.count() == 2

    desk.post(page.wsgi_request.path, page.context["values"] | {"join": "1"})

    assert Resident.objects.get() == other and JoinedResident.objects.get().kept == other
    assert Appointment.objects.get().resident == other
