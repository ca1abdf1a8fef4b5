"""Displaced bookings and closures that wait for somebody (settings.TO_DO)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from appointments.booking.displaced import displaced
from appointments.booking.models import Appointment
from centers.models import ClosureNotice
from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission


def _displaced(user: User, now: datetime) -> QuerySet[Appointment]:
    return displaced(now)


def _closures(user: User, now: datetime) -> QuerySet[ClosureNotice]:
    return ClosureNotice.objects.undecided().filter(ends_at__gt=now)


DISPLACED = Task(words=_("个预约要安置"), page="desk_settle", permission=Permission.BOOK_FOR_OTHERS, rows=_displaced)
CLOSURES = Task(
    words=_("个停开等批准"),
    page="oversight_closures",
    permission=Permission.APPROVE_CLOSURE,
    rows=_closures,
    of_center=False,
)
