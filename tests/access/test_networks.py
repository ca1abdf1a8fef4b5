"""IPv6 counts by /64, and more loosely by /48: look-ups, bookings, moves, tickets, taps on links, presence."""

import re
import uuid
from datetime import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from appointments.booking import look_up
from centers.models import PresenceReport
from centers.people import rate_limits
from portal.accounts import addresses
from tests import factories
from tests.appointments.steps import book
from tests.appointments.villager import answers, who_url
from tests.factories.appointments import at
from tests.ipv6 import elsewhere, in_one_48, in_one_64

pytestmark = pytest.mark.django_db

LIMIT, TRIES = 3, 3 * addresses.WIDER + 4


def written_as_ipv6(_number: int) -> str:
    return "::ffff:192.0.2.1"


WAYS = pytest.mark.parametrize(
    ("address_of", "allowed"),
    [(in_one_64, LIMIT), (in_one_48, LIMIT * addresses.WIDER), (elsewhere, TRIES), (written_as_ipv6, LIMIT)],
)


@pytest.fixture
def open_now(center):
    """Open around the clock, today and every day."""
    factories.CalendarDayFactory(date=at(0, 9).date(), kind="workday")
    factories.open_on(center, *range(7), opens=time(0), closes=time(23, 59))


def allowed_of(post, address_of) -> int:
    """How many of TRIES, each from its own address, are not refused as too many."""
    return [post(number, REMOTE_ADDR=address_of(number)).status_code != 429 for number in range(TRIES)].count(True)


@WAYS
def test_look_ups(monkeypatch, address_of, allowed):
    monkeypatch.setattr(look_up, "LOOKUPS_PER_ADDRESS", LIMIT)

    def post(number: int, **extra):
        return Client().post("/bookings/", {"phone": f"137{number:08d}", "code": "482913"}, **extra)

    assert allowed_of(post, address_of) == allowed


def test_look_ups_at_one_number_in_one_64(db):
    def post(number: int, **extra):
        return Client().post("/bookings/", {"phone": "13700001111", "code": f"2000{number:02}"}, **extra)

    assert allowed_of(post, in_one_64) == look_up.LOOKUPS_PER_ADDRESS_AND_PHONE


@WAYS
def test_bookings(center, item, monkeypatch, address_of, allowed):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", LIMIT)
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=TRIES)

    def post(number: int, **extra):
        form = answers(uuid.uuid4().hex, phone=f"137{number:08d}")
        return Client().post(who_url(slot, item), form, **extra)

    assert allowed_of(post, address_of) == allowed


@WAYS
def test_moves(slot, item, resident, monkeypatch, address_of, allowed):
    monkeypatch.setattr(rate_limits, "RESCHEDULINGS_PER_ADDRESS", LIMIT)
    monkeypatch.setattr(rate_limits, "RESCHEDULINGS_PER_PHONE_AND_DAY", TRIES)
    later = factories.SlotFactory(center=slot.center, starts_at=at(4, 9))
    url = reverse("booking_move", args=[book(slot, item, resident).link])

    def post(number: int, **extra):
        return Client().post(url, {"slot": (later, slot)[number % 2].pk}, **extra)

    assert allowed_of(post, address_of) == allowed


@WAYS
def test_tickets(center, open_now, settings, monkeypatch, address_of, allowed):
    settings.WALK_IN_ONLINE = True
    monkeypatch.setattr(rate_limits, "TICKETS_PER_ADDRESS", LIMIT)
    url = reverse("ticket_take", args=[center.code])

    def post(_number: int, **extra):
        return Client().post(url, {"key": uuid.uuid4().hex}, **extra)

    assert allowed_of(post, address_of) == allowed


@WAYS
def test_taps_on_links(db, monkeypatch, address_of, allowed):
    monkeypatch.setattr(rate_limits, "LINKS_PER_ADDRESS", LIMIT)

    def get(_number: int, **extra):
        return Client().get("/c/22222222b1", **extra)

    assert allowed_of(get, address_of) == allowed


@WAYS
def test_taps_on_presence(center, open_now, settings, time_machine, address_of, allowed):
    settings.PRESENCE_TAPS_PER_ADDRESS = LIMIT
    start = at(0, 9)
    for number in range(TRIES):
        time_machine.move_to(start.replace(hour=9 + number // 5, minute=number % 5 * 12), tick=False)
        Client().post(reverse("here", args=[center.code]), {"found": "no"}, REMOTE_ADDR=address_of(number))

    assert PresenceReport.objects.count() == allowed


def test_the_same_tap_again_from_a_neighbouring_address_is_one(center, open_now):
    for number in range(5):
        Client().post(reverse("here", args=[center.code]), {"found": "no"}, REMOTE_ADDR=in_one_64(number))

    assert PresenceReport.objects.count() == 1


def test_no_limit_counts_by_the_bare_address():
    """Each of its 2^64 neighbours would begin anew: `per_network` and `network_of` make the keys."""
    bare = re.compile(r"""f["'][^"']*\{(?:client_)?address(?:\(request\))?\}""")
    modules = [path for top in ("portal", "centers", "appointments", "assessments") for path in Path(top).rglob("*.py")]
    counting = [path for path in modules if "throttle" in path.read_text() or "familiar" in path.read_text()]

    assert len(counting) > 8
    assert [str(path) for path in counting if bare.search(path.read_text())] == []
