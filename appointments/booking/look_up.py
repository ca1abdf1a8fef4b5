"""Finding a booking by phone and code, with rate limits against guessing (brute force).

A guess is right with the chance k / CODES, where k is how many codes of that number are not over. A wrong one costs k
of the number's tries of a week, so that the chance to hit one of them stays the same however many there are:
tests/access/test_odds.py computes it from the limits here, and docs/security.md publishes it.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment
from centers.people.rate_limits import claim, is_proven
from portal.accounts import familiar, throttle
from portal.accounts.addresses import client_address, network_of
from portal.accounts.throttle import DAY, HOUR, WEEK, Limit, per_network
from portal.ui.errors import RuleBroken

# Wrong guesses of one network, at all numbers together and at one.
LOOKUPS_PER_ADDRESS, LOOKUPS_PER_ADDRESS_AND_DAY, LOOKUPS_PER_ADDRESS_AND_PHONE = 30, 100, 10
# At one number, of all strangers together. Who has proven the number has tries of their own, and so has each place of
# those who opened one of its bookings before (familiar.PLACES): strangers do not use them up, nor does their address.
LOOKUPS_PER_PHONE, COST_PER_PHONE = 30, 500
LOOKUPS_PER_PLACE, LOOKUPS_PER_PLACE_AND_DAY, COST_PER_PLACE = 10, 15, 120
# A token may read the bookings of its division anyway.
LOOKUPS_PER_TOKEN = 300

RATED_BY_CODE_WITHIN = timedelta(days=30)


def find(request: HttpRequest, phone: str, code: str, among: Sequence[QuerySet], token: int = 0) -> Any:
    """The latest row with that phone and code of the first of `among` that has one.

    The refusal is the same for a wrong phone and a wrong code, so that it does not reveal which phones are known.
    `token`: primary key of the API token that asks; its tries count for the token alone.
    """
    known = [rows.filter(phone=phone) for rows in among]
    # Counted before the code is compared, so that of parallel guesses no more are answered than the limits allow.
    counted = _count(request, phone, token, cost=max(1, sum(rows.order_by().count() for rows in known)))
    found: Any = None
    for rows in known:
        found = found or rows.filter(code=code).order_by("-pk").first()
    if found is None:
        raise RuleBroken(_("没有找到。请看看电话和号码有没有写错；还是找不到，请打电话给中心。"), code="not_found")
    throttle.return_all(counted)
    if not token:
        remember(request, phone)
    return found


def to_look_up() -> QuerySet:
    """Bookings whose code is not over: until the end of the day, and a day from a cancellation for who repeats it."""
    return Appointment.objects.for_pages().filter(_is_live())


def to_rate() -> QuerySet:
    """Those, and visits that can still be rated by their code. The link in the message has no such end."""
    lately = Q(served_at__gte=timezone.now() - RATED_BY_CODE_WITHIN, rated_at__isnull=True)
    return Appointment.objects.for_pages().filter(_is_live() | lately)


def remember(request: HttpRequest, phone: str) -> None:
    """This account and network have opened a booking of that number. The page is shown where nothing can be written."""
    if phone:
        with suppress(OperationalError):
            familiar.remember(_about(phone), familiar.names_of(request))


def has_booked(phone: str) -> bool:
    return Appointment.objects.filter(phone=phone).exists()


def _is_live() -> Q:
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    stands = Q(cancelled_at__isnull=True) | Q(cancelled_at__gt=now - timedelta(days=1))
    return stands & Q(starts_at__gte=today)


def _count(request: HttpRequest, phone: str, token: int, cost: int) -> list[Limit]:
    """Count one guess, which is right with the chance `cost` / CODES. Raises TooMany."""
    if token:
        limits = [Limit(f"lookup:token:{token}", LOOKUPS_PER_TOKEN, HOUR)]
    elif (limits := _own(request, phone, cost)) and not throttle.claim(limits):
        return limits
    else:
        limits = _of_strangers(request, phone, cost)
    claim(limits, _("找的次数太多了，请过一个小时再试，或者打电话给中心，报姓名就能查。"))
    return limits


def _own(request: HttpRequest, phone: str, cost: int) -> list[Limit]:
    proven = "proven" if is_proven(request, phone) else None
    place = proven or familiar.place_of(_about(phone), familiar.names_of(request))
    if place is None:
        return []
    key = f"lookup:{phone}:place:{place}"
    return [
        Limit(key, LOOKUPS_PER_PLACE, HOUR),
        Limit(key, LOOKUPS_PER_PLACE_AND_DAY, DAY),
        Limit(key, COST_PER_PLACE, WEEK, cost),
    ]


def _of_strangers(request: HttpRequest, phone: str, cost: int) -> list[Limit]:
    address = client_address(request)
    return [
        Limit(f"lookup:{network_of(address)}:{phone}", LOOKUPS_PER_ADDRESS_AND_PHONE, HOUR),
        Limit(f"lookup:{phone}", LOOKUPS_PER_PHONE, DAY),
        Limit(f"lookup:{phone}", COST_PER_PHONE, WEEK, cost),
        *per_network("lookup", address, LOOKUPS_PER_ADDRESS, HOUR),
        *per_network("lookup", address, LOOKUPS_PER_ADDRESS_AND_DAY, DAY),
    ]


def _about(phone: str) -> str:
    return f"lookup:{phone}"
