"""The migration that gives names and numbers one spelling, on a demo world that was made dirty on purpose."""

from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from appointments.models import Appointment, Case, Place, WaitingEntry
from centers.models import FamilyLink, JoinedResident, Resident
from centers.people.messages import person_of
from portal.invariants import violations
from portal.notifications.models import Message
from portal.ui import names

pytestmark = pytest.mark.django_db
migration = import_module("centers.migrations.0011_join_residents")
COUNTED = (Appointment, Case, Place, WaitingEntry, FamilyLink, Message)
LANDLINE = "03995551234"


@pytest.fixture
def world(settings):
    settings.DEMO = True
    call_command("load_demo", villages=2, days=3, verbosity=0)
    with connection.cursor() as cursor:  # as it was before
        cursor.execute("DROP INDEX a_resident_is_listed_once")
        cursor.execute("DROP INDEX namesakes_without_a_phone_are_told_apart")


def test_nothing_is_lost_and_each_is_listed_once(world):
    people = list(Resident.objects.order_by("pk"))
    before = counts()
    of_each = bookings_of_each()
    twins = [twin(one) for one in people[::2]]
    for one, other in twins:
        share_out(one, other)
    assert Resident.objects.count() == len(people) + len(twins) > 40
    dialled = Appointment.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE appointments_appointment SET phone = '0399-5551234' WHERE id = %s", [dialled.pk])

    migration.forwards(apps, None)

    left = Resident.objects.filter(twin_of__isnull=False)
    assert Resident.objects.count() - left.count() == len(people)
    assert JoinedResident.objects.count() == len(twins) - left.count() > 0
    assert counts() == before
    assert bookings_of_each() == of_each
    assert all(
        (one.name, one.name_key) == (names.clean(one.name), names.key(one.name)) for one in Resident.objects.all()
    )
    assert not Resident.objects.filter(phone__contains="-").exists()
    dialled.refresh_from_db()
    assert dialled.phone == LANDLINE
    gone = JoinedResident.objects.values_list("former_pk", flat=True)
    assert not Message.objects.filter(person__in=[person_of(Resident(pk=pk)) for pk in gone]).exists()
    assert violations() == []


def test_who_holds_two_places_in_one_slot_is_left_to_the_center(world):
    place = Place.objects.filter(released_at__isnull=True, appointment__cancelled_at__isnull=True).first()
    one, other = twin(place.resident)
    Place.objects.create(appointment=place.appointment, slot=place.slot, resident=other, pool=place.pool)

    migration.forwards(apps, None)

    other.refresh_from_db()
    assert (other.twin_of, other.name_key) == (one, one.name_key)
    assert not JoinedResident.objects.filter(former_pk=other.pk).exists()


def test_two_open_cases_are_left_to_the_center(world):
    case = Case.objects.filter(closed_at__isnull=True).first()
    one, other = twin(case.resident)
    second = Case.objects.exclude(resident=one).filter(closed_at__isnull=True).first()
    Case.objects.filter(pk=second.pk).update(resident=other)

    migration.forwards(apps, None)

    assert Resident.objects.get(pk=other.pk).twin_of == one


def test_the_same_world_again_changes_nothing(world):
    twin(Resident.objects.first())
    migration.forwards(apps, None)
    before = list(Resident.objects.order_by("pk").values_list())

    migration.forwards(apps, None)

    assert list(Resident.objects.order_by("pk").values_list()) == before and JoinedResident.objects.count() == 1


def twin(one: Resident) -> tuple[Resident, Resident]:
    """The person once more, under another spelling of name and number, as sheets and older forms wrote them."""
    other = Resident.objects.create(
        division=one.division, name=one.name, phone=one.phone, villager_group=one.villager_group
    )
    spelled = "　".join(one.name)
    dialled = (
        f"{one.phone[:4]}-{one.phone[4:]}" if one.phone.startswith("0") else " ".join(filter(None, ["", one.phone]))
    )
    with connection.cursor() as cursor:
        # Past the fields, which would clean them.
        cursor.execute(
            "UPDATE centers_resident SET name = %s, name_key = '', phone = %s WHERE id = %s",
            [spelled, dialled, other.pk],
        )
    return one, other


def share_out(one: Resident, other: Resident) -> None:
    """Every second booking and case of theirs was made for the other row."""
    for model in (Appointment, Case, WaitingEntry):
        pks = list(model.objects.filter(resident=one).order_by("pk").values_list("pk", flat=True))[::2]
        model.objects.filter(pk__in=pks).update(resident=other)
        if model is Appointment:
            Place.objects.filter(appointment__in=pks).update(resident=other)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


def bookings_of_each() -> Counter:
    """(village, name, number) of each booking and case; a twin that is left counts as its person."""
    found = Counter()
    for model in (Appointment, Case, WaitingEntry):
        for row in model.objects.select_related("resident__division"):
            person = row.resident
            found[
                model.__name__, person.division.code, names.key(person.name), person.phone.replace("-", "").strip()
            ] += 1
    return found
