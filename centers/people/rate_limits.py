"""How often somebody without an account may book and look up: one count for the pages and the API."""

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
# A center's own network is one address for all who book there. Each booking and each change of time sends an SMS to
# a number that nobody has proven to be theirs: so many a day may reach it, and so many may be caused from one place.
BOOKINGS_PER_ADDRESS, BOOKINGS_PER_ADDRESS_AND_DAY, BOOKINGS_PER_PHONE_AND_DAY = 40, 160, 10
TICKETS_PER_ADDRESS = 60
RESCHEDULINGS_PER_ADDRESS, RESCHEDULINGS_PER_PHONE_AND_DAY = 40, 10

# Guesses at the links of messages. A telephone network is one address for thousands who tap their own.
LINKS_PER_ADDRESS = 60

Limit = tuple[str, int, int]  # what is limits, how many, in how many seconds


def check_booking(request: HttpRequest, phone: str, dedup_key: str = "") -> None:
    """Count one booking for the address and the number; raises TooMany.

    `same` stands for all that was asked: the same request once more is not limits, not even at the same moment.
    """
    if not settings.RATE_LIMITS:
        return
    address = client_address(request)
    limits = [
        (f"book:{address}", BOOKINGS_PER_ADDRESS, HOUR),
        (f"book:{address}", BOOKINGS_PER_ADDRESS_AND_DAY, DAY),
        *unless_verified(request, phone, (f"book:{phone}", BOOKINGS_PER_PHONE_AND_DAY, DAY)),
    ]
    # One commit for all counts. They are taken in the same order by everybody, so nobody waits in a circle.
    with transaction.atomic():
        if dedup_key and not throttle.allow(f"same:{dedup_key}", 1, HOUR):
            return
        claim(limits, _("刚才约得太多了，先歇一歇，晚些时候再约。急着办，请打电话给中心，让工作人员帮您约。"))


def check_rescheduling(request: HttpRequest, phone: str) -> None:
    """Count one change of time for the address and the number; raises TooMany, and nothing is limits."""
    limits = [
        (f"move:{client_address(request)}", RESCHEDULINGS_PER_ADDRESS, HOUR),
        *unless_verified(request, phone, (f"move:{phone}", RESCHEDULINGS_PER_PHONE_AND_DAY, DAY)),
    ]
    with transaction.atomic():
        claim(limits, _("今天改时间改得太多了。原来的时间还留着；还要改，请打电话给中心。"))


def check_tickets(request: HttpRequest, dedup_key: str) -> None:
    """Count one number of the day for the address; raises TooMany. The same form once more is not limits."""
    if not settings.RATE_LIMITS:
        return
    address = client_address(request)
    with transaction.atomic():
        if dedup_key and not throttle.allow(f"same-number:{dedup_key[:64]}", 1, HOUR):
            return
        claim([(f"number:{address}", TICKETS_PER_ADDRESS, HOUR)], _("刚才取的号太多了。请到窗口，跟工作人员说一声。"))


def find_by_link(request: HttpRequest, token: str, find: Callable[[str], Found | None]) -> Found | None:
    """What stands behind the link of a message, None for one that nobody was given. A wrong one counts as a guess."""
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
    """Who has proven the number by a code is not held up by what others do with it."""
    user = request.user
    is_own = user.is_authenticated and user.phone == phone and user.phone_verified_at is not None
    return [] if is_own else [limit]
