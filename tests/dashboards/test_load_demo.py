"""The demo's world: the same seed makes the same one, and its counters are true."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import F, Q
from django.test import Client
from django.urls import reverse

from appointments.invariants import invariants
from appointments.models import (
    Appointment,
    Case,
    Hold,
    OfflineMark,
    Place,
    QueueDay,
    ServiceItem,
    Slot,
    Ticket,
    WaitingEntry,
)
from appointments.models.appointment import Status
from assessments.models import Rating
from centers.models import Center, ClosureNotice, Resident, Room
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notifications.models import Message, State
from tests import factories

AFTERNOON = datetime(2026, 11, 25, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
HERS = {"name": "王桂兰", "phone": "13800005678"}


def load(at: datetime = AFTERNOON, **options) -> None:
    with time_machine.travel(at, tick=False):
        call_command("load_demo", **{"villages": 3, "days": 5, "verbosity": 0, **options})


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def world(db):
    load()


def digest() -> str:
    """Everything of the world but its ids, as one number."""
    rows = [
        Center.objects.order_by("division__code").values_list("division__code", "name", "address", "phone"),
        Resident.objects.order_by("division__code", "phone", "name").values_list("division__code", "name", "phone"),
        Slot.objects.order_by("center__division__code", "starts_at").values_list(
            "starts_at", "online_taken", "desk_taken"
        ),
        Appointment.objects.order_by("link").values_list(
            "link", "code", "key", "item__code", "resident__name", "starts_at", "served_at", "missed_at", "cancelled_at"
        ),
        Rating.objects.order_by("appointment__link").values_list("level", "comment", "rated_at"),
        # A link is signed over an id, and what else an SMS has room for depends on its length.
        Message.objects.exclude(kind="rate")
        .exclude(channel="sms", body__contains="http")
        .order_by("body", "channel", "due_at")
        .values_list("state", "body", "due_at"),
        Message.objects.order_by("kind", "channel", "due_at", "state").values_list(
            "kind", "channel", "due_at", "state"
        ),
    ]
    return hashlib.sha256(repr([list(row) for row in rows]).encode()).hexdigest()


def forget() -> None:
    for model in ("ItemAgent", "ShiftSwap", "Leave", "PresenceReport", "DutyShift", "Roster", "Staff"):
        factories_model(model).objects.all().delete()
    held = (Ticket, QueueDay, Case, OfflineMark, Hold, WaitingEntry, Place)
    for model in (Rating, *held, Appointment, Slot, Message, Room, ClosureNotice):
        model.objects.all().delete()
    for model in ("MarketDay", "MarketRule", "FamilyLink", "Resident", "Membership", "OpeningRule", "Center"):
        factories_model(model).objects.all().delete()
    ServiceItem.objects.all().delete()
    factories_model("Division").objects.all().delete()
    User.objects.all().delete()


def factories_model(name: str):
    return getattr(factories, f"{name}Factory")._meta.model


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_world_and_another_another():
    worlds = []
    for seed in (7, 7, 8):
        load(seed=seed)
        worlds.append(digest())
        forget()
    assert worlds[0] == worlds[1] != worlds[2]


def test_counters_equal_the_places_behind_them(world):
    assert not dict(invariants(AFTERNOON))["A slot's counters equal the places held in it."].exists()


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
    assert Message.objects.filter(state=State.PENDING, due_at__gt=AFTERNOON).exists()


def test_half_an_hour_without_a_line_has_left_something_to_see_to(world):
    assert {mark.outcome for mark in OfflineMark.objects.unsettled()} == {"applied", "conflict"}
    assert not OfflineMark.objects.filter(made_at__gt=F("received_at")).exists()


def test_all_codes_are_invented(world):
    assert not Center.objects.exclude(division__code__startswith="99").exists()


def test_one_of_three_centers_is_nearly_a_hollow_shell(world):
    counts = sorted(center.appointments.count() for center in Center.objects.all())
    assert counts[0] * 10 < counts[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at",
    [
        pytest.param(datetime(2026, 11, 25, 3, 0, tzinfo=AFTERNOON.tzinfo), id="at night"),
        pytest.param(datetime(2026, 11, 22, 11, 0, tzinfo=AFTERNOON.tzinfo), id="on a Sunday"),
        pytest.param(datetime(2026, 10, 1, 23, 50, tzinfo=AFTERNOON.tzinfo), id="late on a public holiday"),
    ],
)
def test_the_cadres_day_is_lively_whenever_somebody_looks(at):
    load(at, villages=1, days=1)
    day = Appointment.objects.filter(center__division__code="990101100201").on_day(at.date())
    with time_machine.travel(at, tick=False):
        statuses = [appointment.status for appointment in day]
    assert statuses.count(Status.ARRIVED) >= 3
    assert len(statuses) >= 8


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


@pytest.mark.django_db
def test_a_world_on_imported_divisions():
    for code, name in (
        ("990300000000", "市"),
        ("990301000000", "县"),
        ("990301100000", "镇"),
        ("990301100200", "甲村"),
    ):
        factories.DivisionFactory(code=code, name=name)
    load(under="990300000000", villages=None, days=1)
    assert list(Center.objects.values_list("division__code", flat=True)) == ["990301100200"]
    assert ServiceItem.objects.filter(division__code="990300000000").count() == 47


@pytest.mark.django_db
def test_nothing_to_build_on_is_said():
    with pytest.raises(CommandError, match="import_divisions"):
        load(under="990300000000")


def test_a_world_that_is_there_is_kept(world):
    with pytest.raises(CommandError, match="make demo-reset"):
        load()


def test_if_empty_is_content_with_a_world_that_is_there(world):
    load(if_empty=True)
    assert Center.objects.count() == 3


@pytest.mark.django_db
def test_a_real_site_is_refused(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO=1"):
        load()


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"villages": 0}, {"days": -1}, {"under": "99"}])
def test_numbers_that_make_no_world_are_refused(options):
    with pytest.raises(CommandError):
        load(**options)
