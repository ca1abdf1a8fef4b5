"""A question about a swap ends with its shift, its day, or when one of the two leaves; both are told.

Below rosters, which changes shifts, and swaps, which answers questions.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from centers.duty import messages as said
from centers.models import ShiftSwap, Staff
from portal.accounts.models import User
from portal.notifications import services as notifications

# One of the two has left the staff by the day of one of the shifts.
_HAS_LEFT = Q()
for _whose in ("taker", "shift__staff"):
    for _which in ("shift", "in_return"):
        _HAS_LEFT |= Q(**{f"{_whose}__left_on__lte": F(f"{_which}__date")})


def end_with_shifts(shifts: Iterable[int], by: User | None) -> None:
    """End what was asked about shifts (pks) that are gone from the roster. `by`, who changed it, is not told."""
    pks = list(shifts)
    _end(ShiftSwap.objects.filter(Q(shift__in=pks) | Q(in_return__in=pks)), timezone.now(), by)


def end_with(person: Staff, by: User | None) -> None:
    """End what was asked of or by somebody who leaves before it. `by`, who wrote it down, is not told."""
    _end(ShiftSwap.objects.filter(_HAS_LEFT, Q(taker=person) | Q(shift__staff=person)), timezone.now(), by)


def end_past(at: datetime | None = None) -> int:
    """Periodic job (settings.UPKEEP): end what nobody answered in time, or is over however that came.

    Idempotent. Returns how many.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    is_past = Q(shift__date__lt=today) | Q(in_return__date__lt=today)
    is_gone = Q(shift__removed_in__isnull=False) | Q(in_return__removed_in__isnull=False)
    return _end(ShiftSwap.objects.filter(is_past | is_gone | _HAS_LEFT), at, None)


def _end(asked, at: datetime, by: User | None) -> int:
    """Withdrawn by nobody: `withdrawn_at` without a person's doing."""
    ended = 0
    for swap in asked.waiting().for_pages().order_by("pk"):
        with transaction.atomic():
            if not ShiftSwap.objects.waiting().filter(pk=swap.pk).update(withdrawn_at=at):
                continue  # answered meanwhile
            notifications.cancel(said.subject_of(swap), [said.SWAP_ASKED])
            for person in (swap.shift.staff, swap.taker):
                if by is None or person.user_id != by.pk:
                    notifications.plan(said.swap_ended(swap, person, at))
            ended += 1
    return ended
