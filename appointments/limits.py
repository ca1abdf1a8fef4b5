"""How often somebody without an account may book and look up: one count for the pages and the API."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from appointments.models import Appointment
from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.ui.errors import RuleBroken, TooMany

Found = TypeVar("Found")

HOUR, DAY = 3600, 86_400
# A center's own network is one address for all who book there. Each booking and each change of time sends an SMS to
# a number that nobody has proven to be theirs: so many a day may reach it, and so many may be caused from one place.
BOOKINGS_PER_ADDRESS, BOOKINGS_PER_ADDRESS_AND_DAY, BOOKINGS_PER_PHONE_AND_DAY = 40, 160, 10
NUMBERS_PER_ADDRESS = 60
MOVES_PER_ADDRESS, MOVES_PER_PHONE_AND_DAY = 40, 10
# From one address to one number few guesses; to one number from everywhere more, or anybody could keep its owner out.
LOOKUPS_PER_ADDRESS, LOOKUPS_PER_ADDRESS_AND_PHONE, LOOKUPS_PER_PHONE = 30, 10, 60

# Guesses at the links of messages. A telephone network is one address for thousands who tap their own.
TAPS_PER_ADDRESS = 60

Limit = tuple[str, int, int]  # what is counted, how many, in how many seconds


def check_pace(request: HttpRequest, phone: str, same: str = "") -> None:
    """Count one booking for the address and the number; raises TooMany.

    `same` stands for all that was asked: the same request once more is not counted, not even at the same moment.
    """
    if not settings.RATE_LIMITS:
        return
    address = client_address(request)
    counted = [
        (f"book:{address}", BOOKINGS_PER_ADDRESS, HOUR),
        (f"book:{address}", BOOKINGS_PER_ADDRESS_AND_DAY, DAY),
        *_unless_own(request, phone, (f"book:{phone}", BOOKINGS_PER_PHONE_AND_DAY, DAY)),
    ]
    # One commit for all counts. They are taken in the same order by everybody, so nobody waits in a circle.
    with transaction.atomic():
        if same and not throttle.allow(f"same:{same}", 1, HOUR):
            return
        _count(counted, _("刚才约得太多了，先歇一歇，晚些时候再约。急着办，请打电话给中心，让工作人员帮您约。"))


def check_moves(request: HttpRequest, phone: str) -> None:
    """Count one change of time for the address and the number; raises TooMany, and nothing is counted."""
    counted = [
        (f"move:{client_address(request)}", MOVES_PER_ADDRESS, HOUR),
        *_unless_own(request, phone, (f"move:{phone}", MOVES_PER_PHONE_AND_DAY, DAY)),
    ]
    with transaction.atomic():
        _count(counted, _("今天改时间改得太多了。原来的时间还留着；还要改，请打电话给中心。"))


def check_numbers(request: HttpRequest, same: str) -> None:
    """Count one number of the day for the address; raises TooMany. The same form once more is not counted."""
    if not settings.RATE_LIMITS:
        return
    address = client_address(request)
    with transaction.atomic():
        if same and not throttle.allow(f"same-number:{same[:64]}", 1, HOUR):
            return
        _count([(f"number:{address}", NUMBERS_PER_ADDRESS, HOUR)], _("刚才取的号太多了。请到窗口，跟工作人员说一声。"))


def find(request: HttpRequest, phone: str, code: str, within: str | None = None, also: Sequence[QuerySet] = ()) -> Any:
    """The appointment of that number and code, or the latest of `also`, whose rows have a phone and a code too.

    The same answer whether the number or the code is wrong, or somebody could tell whose number is in use.
    `within` is the code of a division outside of which nothing exists for who asks.
    """
    address = client_address(request)
    counted = [
        (f"lookup:{address}", LOOKUPS_PER_ADDRESS, HOUR),
        (f"lookup:{address}:{phone}", LOOKUPS_PER_ADDRESS_AND_PHONE, HOUR),
        *_unless_own(request, phone, (f"lookup:{phone}", LOOKUPS_PER_PHONE, HOUR)),
    ]
    # Each count stands, also when a later one refuses: a guess is a guess.
    _count(counted, _("找的次数太多了，请过一个小时再试，或者打电话给中心，报姓名就能查。"))
    known = Appointment.objects.for_pages().filter(phone=phone, code=code)
    found: Any = (known.within(within) if within else known).order_by("-starts_at").first()
    for others in also:
        found = found or others.filter(phone=phone, code=code).order_by("-pk").first()
    if found is None:
        raise RuleBroken(_("没有找到。请看看电话和号码有没有写错；还是找不到，请打电话给中心。"), code="not_found")
    for key, _limit, per_seconds in counted:
        throttle.give_back(key, per_seconds)
    return found


def tapped(request: HttpRequest, token: str, find: Callable[[str], Found | None]) -> Found | None:
    """What stands behind the link of a message, None for one that nobody was given. A wrong one counts as a guess."""
    key = f"tap:{client_address(request)}"
    _count([(key, TAPS_PER_ADDRESS, HOUR)], _("这里点错的链接太多了，请过一个小时再试，或者打电话给中心。"))
    found = find(token)
    if found is not None:
        throttle.give_back(key, HOUR)
    return found


def _count(counted: list[Limit], refusal: str) -> None:
    for key, limit, per_seconds in counted:
        if not throttle.allow(key, limit, per_seconds):
            raise TooMany(refusal)


def _unless_own(request: HttpRequest, phone: str, limit: Limit) -> list[Limit]:
    """Who has proven the number by a code is not held up by what others do with it."""
    user = request.user
    is_own = user.is_authenticated and user.phone == phone and user.phone_verified_at is not None
    return [] if is_own else [limit]
