"""How often somebody without an account may book and look up: one count for the pages and the API."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from appointments.models import Appointment
from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.ui.errors import RuleBroken, TooMany

HOUR = 3600
# A center's own network is one address for all who book there.
BOOKINGS_PER_ADDRESS, BOOKINGS_PER_PHONE = 40, 10
LOOKUPS_PER_ADDRESS, LOOKUPS_PER_PHONE = 30, 10


def check_pace(request: HttpRequest, phone: str, same: str = "") -> None:
    """Count one booking for the address and the number; raises TooMany.

    `same` stands for all that was asked: the same request once more is not counted, not even at the same moment.
    """
    if not settings.RATE_LIMITS:
        return
    counted = ((f"book:{client_address(request)}", BOOKINGS_PER_ADDRESS), (f"book:{phone}", BOOKINGS_PER_PHONE))
    # One commit for all counts. They are taken in the same order by everybody, so nobody waits in a circle.
    with transaction.atomic():
        if same and not throttle.allow(f"same:{same}", 1, HOUR):
            return
        for key, limit in counted:
            if not throttle.allow(key, limit, HOUR):
                raise TooMany(_("刚才约得太多了，先歇一歇，过一个小时再约。急着办，请打电话给中心，让工作人员帮您约。"))


def find(request: HttpRequest, phone: str, code: str, within: str | None = None) -> Appointment:
    """The same answer whether the number or the code is wrong, or nobody could tell whose number is in use.

    `within` is the code of a division outside of which nothing exists for who asks.
    """
    counted = [(f"lookup:{client_address(request)}", LOOKUPS_PER_ADDRESS), (f"lookup:{phone}", LOOKUPS_PER_PHONE)]
    if not all(throttle.allow(key, limit, HOUR) for key, limit in counted):
        raise TooMany(_("找的次数太多了，请过一个小时再试，或者打电话给中心，报姓名就能查。"))
    known = Appointment.objects.for_pages().filter(phone=phone, code=code)
    appointment = (known.within(within) if within else known).order_by("-starts_at").first()
    if appointment is None:
        raise RuleBroken(_("没有找到。请看看电话和预约码有没有写错；还是找不到，请打电话给中心。"), code="not_found")
    for key, _limit in counted:
        throttle.give_back(key, HOUR)
    return appointment
