"""Rate limits for booking, rescheduling, tickets and links in messages; shared by the pages and the API.

    with rate_limits.counting_booking(request, phone, key) as count:
        made = services.book(…)
        if made.is_repeat:
            count.take_back()

What was refused is not counted, or tries at a time that is over would lock out everybody behind one address. Counted
are also refusals that say something of a person, for the number that was named.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.accounts.throttle import DAY, HOUR, Limit, per_network
from portal.ui.errors import RuleBroken, TooMany

Found = TypeVar("Found")

# All who book in a center's network share one address (NAT). Each booking and rescheduling sends an SMS to an
# unverified number: the limits per phone protect its owner, those per address the SMS budget. Who has proven the number
# is counted by account alone, so that neither others with that number nor their network hold them up.
BOOKINGS_PER_ADDRESS, BOOKINGS_PER_ADDRESS_AND_DAY, BOOKINGS_PER_PHONE_AND_DAY = 40, 160, 10
TICKETS_PER_ADDRESS = 60
RESCHEDULINGS_PER_ADDRESS, RESCHEDULINGS_PER_PHONE_AND_DAY = 40, 10
PER_ACCOUNT_AND_DAY = 20

# Invalid links (guessed tokens).
LINKS_PER_ADDRESS = 60

# Refusals that say whether somebody with this name and number has booked or waits: a try is counted for the number.
ABOUT_A_PERSON = {
    *("already_booked", "person_limit", "phone_limit"),
    *("one_person_waits_once_for_a_time", "waiting_limit"),
}


@dataclass
class Count:
    """What was counted for one request: for the person, and for all who share their address."""

    of_person: list[Limit] = field(default_factory=list)
    of_address: list[Limit] = field(default_factory=list)

    def take_back(self) -> None:
        self.take_back_address()
        throttle.return_all(self.of_person)
        self.of_person = []

    def take_back_address(self) -> None:
        throttle.return_all(self.of_address)
        self.of_address = []


def counting_booking(request: HttpRequest, phone: str, dedup_key: str):
    """Context: counts one booking for the phone number and the client's address; raises TooMany.

    `dedup_key` identifies the request: a repeat of it is not counted, even when both run in parallel.
    """
    address = client_address(request)
    refusal = _("刚才约得太多了，先歇一歇，晚些时候再约。急着办，请打电话给中心，让工作人员帮您约。")
    if is_proven(request, phone):
        return _counting([Limit(f"book:account:{request.user.pk}", PER_ACCOUNT_AND_DAY, DAY)], [], refusal, dedup_key)
    of_address = [
        *per_network("book", address, BOOKINGS_PER_ADDRESS, HOUR),
        *per_network("book", address, BOOKINGS_PER_ADDRESS_AND_DAY, DAY),
    ]
    return _counting([Limit(f"book:{phone}", BOOKINGS_PER_PHONE_AND_DAY, DAY)], of_address, refusal, dedup_key)


def counting_move(request: HttpRequest, phone: str):
    """Context: counts one rescheduling for the phone number and the client's address; raises TooMany."""
    refusal = _("今天改时间改得太多了。原来的时间还留着；还要改，请打电话给中心。")
    if is_proven(request, phone):
        return _counting([Limit(f"move:account:{request.user.pk}", PER_ACCOUNT_AND_DAY, DAY)], [], refusal)
    of_address = per_network("move", client_address(request), RESCHEDULINGS_PER_ADDRESS, HOUR)
    return _counting([Limit(f"move:{phone}", RESCHEDULINGS_PER_PHONE_AND_DAY, DAY)], of_address, refusal)


def counting_ticket(request: HttpRequest, dedup_key: str):
    """Context: counts one ticket for the client's address; raises TooMany. A repeat with `dedup_key` is not counted."""
    of_address = per_network("number", client_address(request), TICKETS_PER_ADDRESS, HOUR)
    return _counting([], of_address, _("刚才取的号太多了。请到窗口，跟工作人员说一声。"), f"number:{dedup_key}")


@contextmanager
def _counting(of_person: list[Limit], of_address: list[Limit], refusal: str, dedup_key: str = "") -> Iterator[Count]:
    if not settings.RATE_LIMITS:
        yield Count()
        return
    first = [Limit(f"same:{dedup_key}", 1, HOUR)] if dedup_key else []
    count = Count([*first, *of_person], of_address)
    # One transaction for all counts; every request locks them in the same order, so there is no deadlock.
    with transaction.atomic():
        if first and not throttle.allow(*first[0]):
            count = Count()
        else:
            claim([*of_person, *of_address], refusal)
    try:
        yield count
    except RuleBroken as broken:
        if broken.code in ABOUT_A_PERSON:
            count.take_back_address()
        else:
            count.take_back()
        raise
    except BaseException:
        count.take_back()
        raise


def find_by_link(request: HttpRequest, token: str, find: Callable[[str], Found | None]) -> Found | None:
    """What `find` returns for a link's token. An invalid token (None) counts against the limit; raises TooMany.

    A valid one opens in any case: a mobile network's NAT is one address for thousands of people, and with 46 bits
    the limit is not what keeps links from being guessed (docs/security.md).
    """
    found = find(token)
    if found is None:
        limits = per_network("tap", client_address(request), LINKS_PER_ADDRESS, HOUR)
        claim(limits, _("这里点错的链接太多了，请过一个小时再试，或者打电话给中心。"))
    return found


def claim(limits: Iterable[Limit], refusal: str) -> None:
    """Count one event against all limits, or none; raises TooMany."""
    if throttle.claim(limits):
        raise TooMany(refusal)


def is_proven(request: HttpRequest, phone: str) -> bool:
    """Whether the user who is signed in has verified that number by a code."""
    user = request.user
    return user.is_authenticated and user.phone == phone and user.phone_verified_at is not None
