"""Swaps and leave as what a message is about (settings.MESSAGE_SUBJECTS).

A colleague's leave is nobody's business at the desk: whoever keeps the roster sees it and rings them up.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from centers.duty.messages import TITLES, person_of, what, words
from centers.models import Leave, ShiftSwap, Staff
from portal.accounts.roles import Permission
from portal.notifications.subjects import Shown, Subject


def _swaps() -> QuerySet[ShiftSwap]:
    return ShiftSwap.objects.for_pages().select_related("shift__staff__center__division", "taker__center__division")


def _recent_swaps(since: datetime) -> QuerySet[ShiftSwap]:
    return ShiftSwap.objects.filter(shift__date__gte=timezone.localdate(since))


def _recent_leaves(since: datetime) -> QuerySet[Leave]:
    return Leave.objects.filter(last_date__gte=timezone.localdate(since))


def _swap_shown(swap: ShiftSwap, person: str) -> Shown:
    asker = swap.shift.staff
    return _shown(swap, asker if person == person_of(asker) else swap.taker)


def _leave_shown(leave: Leave, person: str) -> Shown:
    return _shown(leave, leave.staff)


def _shown(about: ShiftSwap | Leave, to: Staff) -> Shown:
    url = f"{reverse('duty_person', args=[to.pk])}?center={to.center.code}"
    return Shown(name=to.name, url=url, what=what(about), more=to.center.name)


def _swap_links(pks: set[int], people: set[str]) -> dict[int, str]:
    """Staff answer at their own duty."""
    return dict.fromkeys(pks, reverse("duty_mine"))


def _leave_links(pks: set[int], people: set[str]) -> dict[int, str]:
    return {pk: reverse("duty_leave", args=[pk]) for pk in pks}


SWAP = Subject(
    rows=_swaps,
    recent=_recent_swaps,
    division="shift__roster__center__division__code",
    seen_by=Permission.MANAGE_CENTER,
    handled_by=Permission.MANAGE_CENTER,
    shown=_swap_shown,
    links=_swap_links,
    titles=TITLES,
    words=words,
)
LEAVE = Subject(
    rows=Leave.objects.for_pages,
    recent=_recent_leaves,
    division="staff__center__division__code",
    seen_by=Permission.MANAGE_CENTER,
    handled_by=Permission.MANAGE_CENTER,
    shown=_leave_shown,
    links=_leave_links,
    titles=TITLES,
    words=words,
)
