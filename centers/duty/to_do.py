"""Swaps, leaves and reports that wait for somebody (settings.TO_DO)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models import Leave, PresenceReport, ShiftSwap
from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission


def _swaps(now: datetime) -> QuerySet[ShiftSwap]:
    return ShiftSwap.objects.waiting().filter(shift__date__gte=timezone.localdate(now))


def _asked_of_me(user: User, now: datetime) -> QuerySet[ShiftSwap]:
    return _swaps(now).filter(taker__user=user)


def _asked_of_others(user: User, now: datetime) -> QuerySet[ShiftSwap]:
    """The manager may answer for others, and has to for whoever does not sign in."""
    return _swaps(now).exclude(taker__user=user)


def _leaves(user: User, now: datetime) -> QuerySet[Leave]:
    """For the center's manager: short, and somebody else's."""
    waiting = Leave.objects.waiting().filter(last_date__gte=timezone.localdate(now))
    long = Leave.objects.for_township().order_by().values("pk")
    return waiting.exclude(pk__in=long).exclude(staff__user=user)


def _long_leaves(user: User, now: datetime) -> QuerySet[Leave]:
    return Leave.objects.for_township().filter(last_date__gte=timezone.localdate(now))


def _nobody_there(user: User, now: datetime) -> QuerySet[PresenceReport]:
    return PresenceReport.objects.unchecked().filter(found_somebody=False)


def _nobody_there_today(user: User, now: datetime) -> QuerySet[PresenceReport]:
    return _nobody_there(user, now).filter(date=timezone.localdate(now))


def _only_absence(user: User) -> dict:
    return {"show": "nobody"}


_SHIFTS = "shift__roster__center__division__code"
_STAFF = "staff__center__division__code"

SWAPS_OF_MINE = Task(
    words=_("个同事请您顶班"),
    page="duty_mine",
    permission=Permission.VIEW_DAY,
    rows=_asked_of_me,
    division=_SHIFTS,
)
SWAPS = Task(
    words=_("个换班等回话"),
    page="duty",
    permission=Permission.MANAGE_CENTER,
    rows=_asked_of_others,
    division=_SHIFTS,
)
LEAVES = Task(
    words=_("个请假等您同意"),
    page="duty",
    permission=Permission.MANAGE_CENTER,
    rows=_leaves,
    division=_STAFF,
)
LONG_LEAVES = Task(
    words=_("个请假等批准"),
    page="duty_leaves",
    permission=Permission.APPROVE_LEAVE,
    rows=_long_leaves,
    division=_STAFF,
    of_center=False,
)
NOBODY_THERE_TODAY = Task(
    words=_("人今天在门口说没有人"),
    page="duty_reports",
    permission=Permission.MANAGE_CENTER,
    rows=_nobody_there_today,
    of_center=False,
    query=_only_absence,
)
NOBODY_THERE = Task(
    words=_("条“没有人”要核实"),
    page="duty_reports",
    permission=Permission.CONFIRM_VISITS,
    rows=_nobody_there,
    of_center=False,
    query=_only_absence,
)
