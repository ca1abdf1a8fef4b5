"""Demo data is deterministic by seed, at any hour, and refuses a database with centers."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Q

from appointments.booking.models import Status
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
from assessments.models import Rating
from centers.models import Center, ClosureNotice, Resident, Room
from portal.accounts.models import User
from portal.invariants import violations
from portal.notifications.models import Message
from tests import factories

AFTERNOON = datetime(2026, 11, 25, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
HERS = {"name": "王桂兰", "phone": "13800005678"}


def load(at: datetime = AFTERNOON, **options) -> None:
    with time_machine.travel(at, tick=False):
        call_command("load_demo", **{"villages": 3, "days": 5, "verbosity": 0, **options})


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def digest() -> str:
    """A hash of all demo data except primary keys."""
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
        .order_by("body", "channel", "due_at", "state")
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


@pytest.mark.once
@pytest.mark.django_db
def test_the_same_seed_makes_the_same_world_and_another_another():
    worlds = []
    for seed in (7, 7, 8):
        load(seed=seed, villages=2, days=3)
        worlds.append(digest())
        forget()
    assert worlds[0] == worlds[1] != worlds[2]


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


@pytest.mark.django_db
@pytest.mark.parametrize(("hour", "minute"), [(0, 10), (3, 0), (7, 55)])
def test_before_the_doors_open_nobody_was_served_called_or_missed(hour, minute):
    at = datetime(2026, 11, 25, hour, minute, tzinfo=AFTERNOON.tzinfo)
    load(at, villages=2, days=1)
    today = Appointment.objects.on_day(at.date())

    assert not today.filter(Q(served_at__isnull=False) | Q(missed_at__isnull=False)).exists()
    assert not Ticket.objects.filter(day=at.date()).exclude(called_at=None, done_at=None).exists()
    assert Appointment.objects.filter(served_at__isnull=False).exists()  # yesterday's are


@pytest.mark.django_db
def test_who_walked_in_after_midnight_has_a_number_of_the_new_day():
    at = datetime(2026, 11, 25, 0, 10, tzinfo=AFTERNOON.tzinfo)
    load(at, villages=2, days=1)

    assert Ticket.objects.exists()
    with time_machine.travel(at, tick=False):
        assert violations() == []


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [10, 15, 23])
def test_control_once_they_are_open_people_are_served_and_called(hour):
    at = datetime(2026, 11, 25, hour, 50, tzinfo=AFTERNOON.tzinfo)
    load(at, villages=1, days=1)
    served = Appointment.objects.on_day(at.date()).filter(served_at__isnull=False)

    assert served.exists()
    assert not served.filter(served_at__lt=at.replace(hour=8, minute=0)).exists()
    assert Ticket.objects.filter(day=at.date(), called_at__isnull=False).exists()


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
