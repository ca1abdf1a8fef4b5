"""Finding a booking again by phone and code, slowed so that nobody finds another's by guessing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment
from centers.people.rate_limits import HOUR, claim, unless_verified
from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.ui.errors import RuleBroken

# From one address to one number few guesses; to one number from everywhere more, or anybody could keep its owner out.
LOOKUPS_PER_ADDRESS, LOOKUPS_PER_ADDRESS_AND_PHONE, LOOKUPS_PER_PHONE = 30, 10, 60


def find(request: HttpRequest, phone: str, code: str, within: str | None = None, also: Sequence[QuerySet] = ()) -> Any:
    """The appointment of that number and code, or the latest of `also`, whose rows have a phone and a code too.

    The same answer whether the number or the code is wrong, or somebody could tell whose number is in use.
    `within` is the code of a division outside of which nothing exists for who asks.
    """
    address = client_address(request)
    counted = [
        (f"lookup:{address}", LOOKUPS_PER_ADDRESS, HOUR),
        (f"lookup:{address}:{phone}", LOOKUPS_PER_ADDRESS_AND_PHONE, HOUR),
        *unless_verified(request, phone, (f"lookup:{phone}", LOOKUPS_PER_PHONE, HOUR)),
    ]
    # Each count stands, also when a later one refuses: a guess is a guess.
    claim(counted, _("找的次数太多了，请过一个小时再试，或者打电话给中心，报姓名就能查。"))
    known = Appointment.objects.for_pages().filter(phone=phone, code=code)
    found: Any = (known.within(within) if within else known).order_by("-starts_at").first()
    for others in also:
        found = found or others.filter(phone=phone, code=code).order_by("-pk").first()
    if found is None:
        raise RuleBroken(_("没有找到。请看看电话和号码有没有写错；还是找不到，请打电话给中心。"), code="not_found")
    for key, _limit, per_seconds in counted:
        throttle.give_back(key, per_seconds)
    return found
