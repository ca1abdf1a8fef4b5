"""Rows of residents that an older release writes while this one runs beside it are spelled, and joined, by a job."""

import pytest
from django.db import connection

from centers.models import JoinedResident, Resident
from centers.people import residents
from centers.people.late_spelling import catch_up
from tests import factories

pytestmark = pytest.mark.django_db


def as_before(resident: Resident, name: str, phone: str) -> Resident:
    """As the older release wrote it: as it was typed, and without the column that it does not know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE centers_resident SET name = %s, phone = %s, name_key = '' WHERE id = %s", [name, phone, resident.pk]
        )
    return resident


def test_it_is_found_by_its_name_afterwards(village):
    late = as_before(factories.ResidentFactory(division=village), "李　四", "0399-5551234")
    assert (catch_up(), catch_up()) == (1, 0)
    assert residents.find_or_create(division=village, name="李四", phone="03995551234") == late


def test_who_is_listed_already_is_joined(village, center):
    known = factories.ResidentFactory(division=village, name="李四", phone="13800005678")
    late = as_before(factories.ResidentFactory(division=village), "李 四", "138 0000 5678")
    booked = factories.AppointmentFactory(center=center, resident=late)
    catch_up()
    booked.refresh_from_db()
    assert (booked.resident, JoinedResident.objects.get().former_pk) == (known, late.pk)


def test_who_has_a_case_at_both_is_listed_as_a_twin(village, center):
    known = factories.ResidentFactory(division=village, name="李四", phone="13800005678")
    late = as_before(factories.ResidentFactory(division=village), "李 四", "138 0000 5678")
    for resident in (known, late):
        factories.CaseFactory(center=center, resident=resident)
    catch_up()
    late.refresh_from_db()
    assert late.twin_of == known
