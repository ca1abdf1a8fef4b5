"""The demo's world: its counters are true, its people are in their places, and it is not made twice.

Made once for all of them, and taken back when the module is done.
"""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError
from django.db import transaction
from django.db.models import F, Q
from django.test import Client, override_settings
from django.urls import reverse

from appointments.booking.reminders import unplanned
from appointments.models import Appointment, OfflineMark, Place, WaitingEntry
from centers.models import Center, Resident
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.invariants import invariants
from portal.notifications.models import Message, State
from tests.dashboards.test_load_demo import AFTERNOON, HERS, load

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def test_counters_equal_the_places_behind_them(world):
    assert not dict(invariants(AFTERNOON))["A slot's counters equal its occupied places and holds."].exists()


def test_somebody_waits_for_a_full_time_and_somebody_is_offered_a_place(world):
    first, *others = WaitingEntry.objects.order_by("joined_at")
    assert first.offered_at and len(others) == 2
    assert first.slot.online_free == first.slot.desk_free == 0


def test_cancelled_and_missed_bookings_hold_no_place(world):
    given_back = Q(appointment__cancelled_at__isnull=False) | Q(appointment__missed_at__isnull=False)
    assert Place.objects.filter(released_at=None).filter(given_back).count() == 0


def test_nothing_has_happened_that_is_still_to_come(world):
    moments = ["booked_at", "arrived_at", "served_at", "missed_at", "cancelled_at", "rated_at"]
    later = [moment for moment in moments if Appointment.objects.filter(**{f"{moment}__gt": AFTERNOON}).exists()]
    assert later == []


def test_every_booking_passes_the_models_own_rules(world):
    for appointment in Appointment.objects.all():
        appointment.clean_fields()


def test_messages_that_were_due_are_sent(world):
    assert not Message.objects.due(AFTERNOON).exists()
    assert Message.objects.filter(state=State.SENT, kind="reminder").exists()


def test_reminders_of_later_visits_are_no_rows_yet(world):
    assert not Message.objects.filter(kind="reminder", due_at__gt=AFTERNOON).exists()
    assert not unplanned(AFTERNOON).exists()


def test_half_an_hour_offline_has_left_something_to_see_to(world):
    assert {mark.outcome for mark in OfflineMark.objects.unsettled()} == {"applied", "conflict"}
    assert not OfflineMark.objects.filter(made_at__gt=F("received_at")).exists()


def test_all_codes_are_invented(world):
    assert not Center.objects.exclude(division__code__startswith="99").exists()


def test_one_of_three_centers_is_nearly_a_hollow_shell(world):
    counts = sorted(center.appointments.count() for center in Center.objects.all())
    assert counts[0] * 10 < counts[-1]


def test_the_villager_has_one_booking_ahead_and_one_to_rate(world):
    hers = Appointment.objects.filter(resident=Resident.objects.get(**HERS))
    assert hers.filter(starts_at__gt=AFTERNOON).exists()
    assert hers.filter(served_at__isnull=False, rated_at=None).count() == 1


def test_the_son_books_for_his_mother(world):
    links = User.objects.get(username="family").family_links.values_list("resident__name", "relation")
    assert set(links) == {("王桂兰", "child"), ("王建军", "self")}


def test_the_demo_logins_work(world, settings):
    for login in settings.DEMO_LOGINS:
        client = Client()
        client.post(reverse("account_login"), {"login": login, "password": settings.DEMO_PASSWORD})
        assert client.session.get("_auth_user_id") == str(User.objects.get(username=login).pk), login


def test_roles_lie_where_they_belong(world):
    held = {
        (user.username, role, code)
        for user in User.objects.filter(username__in=["cadre", "manager", "township", "county"])
        for role, code in user.memberships.values_list("role", "division__code")
    }
    assert held == {
        ("cadre", Role.PROXY_AGENT, "990101100201"),
        ("manager", Role.MANAGER, "990101100201"),
        ("township", Role.TOWNSHIP, "990101100000"),
        ("county", Role.COUNTY, "990101000000"),
    }


def test_a_world_that_is_there_is_kept(world):
    with pytest.raises(CommandError, match="make demo-reset"):
        load()


def test_if_empty_is_content_with_a_world_that_is_there(world):
    load(if_empty=True)
    assert Center.objects.count() == 3
