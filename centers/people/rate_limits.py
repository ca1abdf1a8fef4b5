"""Rate limits for booking, rescheduling, tickets and links in messages; shared by the pages and the API."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.ui.errors import TooMany

Found = TypeVar("Found")

HOUR, DAY = 3600, 86_400
# All who book in a center's network share one address (NAT). Each booking and rescheduling sends an SMS to an
# unverified number: the limits per phone protect its owner, those per address the SMS budget.
BOOKINGS_PER_ADDRESS, BOOKINGS_PER_ADDRESS_AND_DAY, BOOKINGS_PER_PHONE_AND_DAY = 40, 160, 10
TICKETS_PER_ADDRESS = 60
RESCHEDULINGS_PER_ADDRESS, RESCHEDULINGS_PER_PHONE_AND_DAY = 40, 10

# Invalid links (guessed tokens). A mobile network's NAT is one address for thousands of people with valid links.
LINKS_PER_ADDRESS = 60

Limit = tuple[str, int, int]  # throttle key, limit, seconds


def check_booking(request: HttpRequest, phone: str, dedup_key: str = "") -> None:
    """Count one booking for the client's address and the phone number; raises TooMany.

    `dedup_key` identifies the request: a repeat of it is not counted, even when both run in parallel.
    """
    if not settings.RATE_LIMITS:
        return
    address = client_address(request)
    limits = [
        (f"book:{address}", BOOKINGS_PER_ADDRESS, HOUR),
        (f"book:{address}", BOOKINGS_PER_ADDRESS_AND_DAY, DAY),
        *unless_verified(request, phone, (f"book:{phone}", BOOKINGS_PER_PHONE_AND_DAY, DAY)),
    ]
    # One transaction for all counts; every request locks them in the same order, so there is no deadlock.
    with transaction.atomic():
        if dedup_key and not throttle.allow(f"same:{dedup_key}", 1, HOUR):
            return
        claim(limits, _("刚才约得太多了，先歇一歇，晚些时候再约。急着办，请打电话给中心，让工作人员帮您约。"))


def check_rescheduling(request: HttpRequest, phone: str) -> None:
    """Count one rescheduling for the client's address and the phone number; raises TooMany and counts nothing then."""
    limits = [
        (f"move:{client_address(request)}", RESCHEDULINGS_PER_ADDRESS, HOUR),
        *unless_verified(request, phone, (f"move:{phone}", RESCHEDULINGS_PER_PHONE_AND_DAY, DAY)),
    ]
    with transaction.atomic():
        claim(limits, _("今天改时间改得太多了。原来的时间还留着；还要改，请打电话给中心。"))


def check_tickets(request: HttpRequest, dedup_key: str) -> None:
    """Count one ticket for the client's address; raises TooMany. A repeat with the same `dedup_key` is not counted."""
    if not settings.RATE_LIMITS:
        return
    address = client_address(request)
    with transaction.atomic():
        if dedup_key and not throttle.allow(f"same-number:{dedup_key[:64]}", 1, HOUR):
            return
        claim([(f"number:{address}", TICKETS_PER_ADDRESS, HOUR)], _("刚才取的号太多了。请到窗口，跟工作人员说一声。"))


def find_by_link(request: HttpRequest, token: str, find: Callable[[str], Found | None]) -> Found | None:
    """What `find` returns for a link's token. An invalid token (None) counts against the limit; raises TooMany."""
    key = f"tap:{client_address(request)}"
    claim([(key, LINKS_PER_ADDRESS, HOUR)], _("这里点错的链接太多了，请过一个小时再试，或者打电话给中心。"))
    found = find(token)
    if found is not None:
        throttle.give_back(key, HOUR)
    return found


def claim(limits: list[Limit], refusal: str) -> None:
    for key, limit, per_seconds in limits:
        if not throttle.allow(key, limit, per_seconds):
            raise TooMany(refusal)


def unless_verified(request: HttpRequest, phone: str, limit: Limit) -> list[Limit]:
    """No limit per phone for the user who has verified that number, so that others cannot block them."""
    user = request.user
    is_own = user.is_authenticated and user.phone == phone and user.phone_verified_at is not None
    return [] if is_own else [limit]
