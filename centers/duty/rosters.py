"""Changing a month's roster: by proposal, form, drag and drop, undo, swap. Each change of shifts is a new revision.

A DutyShift row is one person at one position in one half day; a Turn is the same as a value.

Optimistic locking: callers pass the revision that they saw (`seen`). A conditional UPDATE increments it before anything
else is written: of two managers who change a month in parallel, the second gets Changed and writes nothing.
"""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date

from auditlog.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.days.keeping import keep
from centers.days.months import ends, starts
from centers.duty import lapsing
from centers.duty.rota import POSITIONS, Turn
from centers.models import Center, DutyShift, Roster, Staff
from portal.accounts.models import User
from portal.ui.errors import Changed, RuleBroken, explain


def roster_of(center: Center, month: date) -> Roster:
    """Get or create the month's roster. The caller has checked that the user may change it."""
    return Roster.objects.get_or_create(center=center, month=starts(month))[0]


@transaction.atomic
def write(*, center: Center, month: date, turns: Iterable[Turn], seen: int, by: User) -> int:
    """Replace all shifts from today on by these turns; returns how many shifts were added or removed.

    Past days are never changed: the staffed rate (evidence.py) is computed against them. Raises Changed.
    """
    today = timezone.localdate()
    wanted = {turn for turn in turns if turn.date >= today}
    with new_revision(center, month, seen, by) as (roster, revision):
        existing = {as_turn(shift): shift for shift in roster.shifts.active().filter(date__gte=today)}
        _remove([shift.pk for turn, shift in existing.items() if turn not in wanted], revision, by)
        _add(roster, sorted(wanted - existing.keys()), revision)
        changed = wanted ^ existing.keys()
        _keep_days(roster, {turn.date for turn in changed})
    return len(changed)


@transaction.atomic
def assign(
    *, center: Center, day: date, part: str, kind: str, people: dict[str, Staff | None], seen: int, by: User
) -> Roster:
    """Assign the positions of a half day (`part` of `day`); None leaves one empty. `kind`: see DutyShift.Kind.

    Raises RuleBroken `past`, `twice`, `not_here` and Changed; nothing is written then.
    """
    _check_day(day)
    chosen = {position: person for position, person in people.items() if person is not None}
    if len({person.pk for person in chosen.values()}) < len(chosen):
        raise RuleBroken(_("同一个人不能在这半天占两个班。请换一个人。"), code="twice")
    if any(person.center_id != center.pk for person in chosen.values()):
        raise RuleBroken(_("这里面有人不在这个中心。请重新选。"), code="not_here")
    with new_revision(center, day, seen, by) as (roster, revision):
        turns = {Turn(day, part, kind, position, person.pk) for position, person in chosen.items()}
        existing = {as_turn(shift): shift for shift in roster.shifts.active().filter(date=day, part=part)}
        _remove([shift.pk for turn, shift in existing.items() if turn not in turns], revision, by)
        _add(roster, sorted(turns - existing.keys()), revision)
        _keep_days(roster, {day})
    return roster


@transaction.atomic
def move(*, shift: DutyShift, day: date, part: str, position: str, seen: int, by: User) -> Roster:
    """Move a shift to another half day or position of the same month; a shift already there moves to the old one.

    Raises RuleBroken `past`, `other_month`, `a_person_has_one_shift_a_half_day` and Changed.
    """
    _check_day(shift.date)
    _check_day(day)
    if starts(day) != shift.roster.month:
        raise RuleBroken(_("拖动只能在同一个月里。原来的安排没有动。"), code="other_month")
    with new_revision(shift.center, day, seen, by) as (roster, revision):
        moved = roster.shifts.active().filter(pk=shift.pk).first()
        if moved is None:
            raise Changed
        there = roster.shifts.active().filter(date=day, part=part)
        other = there.filter(position=position).first()
        if other == moved:
            return roster
        kind = (other or there.first() or moved).kind  # all shifts of a half day are of one kind
        _remove([one.pk for one in (moved, other) if one], revision, by)
        back = [Turn(moved.date, moved.part, moved.kind, moved.position, other.staff_id)] if other else []
        _add(roster, [Turn(day, part, kind, position, moved.staff_id), *back], revision)
        _keep_days(roster, {day, moved.date})
    return roster


@transaction.atomic
def undo(*, center: Center, month: date, seen: int, by: User) -> Roster:
    """Revert the last revision, as a new revision (undoing twice redoes it). Past days stay. Raises Changed."""
    today = timezone.localdate()
    with new_revision(center, month, seen, by) as (roster, revision):
        last = revision - 1
        ahead = roster.shifts.filter(date__gte=today)
        added = ahead.active().filter(added_in=last)
        removed = ahead.filter(removed_in=last)
        touched = {*added.values_list("date", flat=True), *removed.values_list("date", flat=True)}
        restored = list(removed.values_list("pk", flat=True))
        _remove(list(added.values_list("pk", flat=True)), revision, by)
        _restore(restored, revision)
        _keep_days(roster, touched)
    return roster


@transaction.atomic
def publish(*, center: Center, month: date, by: User) -> Roster:
    """Publish the roster: opening state, poster and slots depend on it now. Idempotent. Raises RuleBroken `empty`."""
    roster = roster_of(center, month)
    if not roster.shifts.active().exists():
        raise RuleBroken(_("这个月还没有排班，先按规则排一遍再公布。"), code="empty")
    now = timezone.now()
    if Roster.objects.filter(pk=roster.pk, published_at__isnull=True).update(published_at=now, published_by=by):
        roster.refresh_from_db()
        _keep_days(roster, {roster.month, ends(roster.month)})
    return roster


@contextmanager
def new_revision(center: Center, month: date, seen: int, by: User):
    """Context manager: the roster and its new revision number. Raises Changed when `seen` is not the current one."""
    roster = roster_of(center, month)
    unchanged = Roster.objects.filter(pk=roster.pk, revision=seen)
    if not unchanged.update(revision=F("revision") + 1, changed_at=timezone.now(), changed_by=by):
        raise Changed(_("这个月的值班表刚刚被别人改过了，您这一步没有写进去。请看看最新的，再改一次。"))
    roster.refresh_from_db()
    _log_revision(roster, by)
    try:
        yield roster, roster.revision
    except IntegrityError as error:
        raise explain(error) from error


def _keep_days(roster: Roster, days: set[date]) -> None:
    """The center's days follow a published roster, over the range of changed days."""
    if roster.published_at and days:
        keep([roster.center], min(days), max(days))


def as_turn(shift: DutyShift) -> Turn:
    return Turn(shift.date, shift.part, shift.kind, shift.position, shift.staff_id)


def exchange(*, shift: DutyShift, taker: Staff, in_return: DutyShift | None, by: User) -> None:
    """Carry out a swap: `taker` gets the shift, and whoever had it gets `in_return`, if any. Call it in a transaction.

    Raises Changed when a shift was removed meanwhile: of two swaps for the same shift, one succeeds.
    """
    new_owners = {shift: taker} | ({in_return: shift.staff} if in_return else {})
    # In id order, against deadlocks: the UPDATE locks the roster's row.
    for roster in sorted({one.roster for one in new_owners}, key=lambda roster: roster.pk):
        given = [one for one in new_owners if one.roster_id == roster.pk]
        Roster.objects.filter(pk=roster.pk).update(revision=F("revision") + 1, changed_at=timezone.now(), changed_by=by)
        roster.refresh_from_db()
        _log_revision(roster, by)
        # Remove both before adding: in the same half day, each person would have two shifts (unique constraint).
        if _remove([one.pk for one in given], roster.revision, by) < len(given):
            raise Changed(_("这个班刚刚已经换给别人了，或者被改过了。什么都没有动，请看看最新的值班表。"))
    try:
        with transaction.atomic():
            for one, person in new_owners.items():
                turn = as_turn(one)
                new = Turn(turn.date, turn.part, turn.kind, turn.position, person.pk)
                _add(one.roster, [new], Roster.objects.get(pk=one.roster_id).revision)
    except IntegrityError as error:
        raise explain(error) from error
    for one in new_owners:
        _keep_days(one.roster, {one.date})


def _log_revision(roster: Roster, by: User) -> None:
    """Shifts store only the revision. Who made it is in the audit log, since `changed_by` holds just the latest."""
    changes = {"revision": [str(roster.revision - 1), str(roster.revision)]}
    LogEntry.objects.log_create(roster, force_log=True, action=LogEntry.Action.UPDATE, changes=changes, actor=by)


def _remove(pks: list[int], revision: int, by: User) -> int:
    removed = DutyShift.objects.active().filter(pk__in=pks).update(removed_in=revision)
    lapsing.end_with_shifts(pks, by)
    return removed


def _add(roster: Roster, turns: Iterable[Turn], revision: int) -> None:
    DutyShift.objects.bulk_create(
        DutyShift(
            roster=roster,
            date=turn.date,
            part=turn.part,
            kind=turn.kind,
            position=turn.position,
            staff_id=turn.person,
            added_in=revision,
        )
        for turn in turns
    )


def _restore(pks: list[int], revision: int) -> None:
    """Add the removed shifts again as new rows, so that the old rows' history stays true."""
    rows = DutyShift.objects.filter(pk__in=pks)
    roster = rows[0].roster if pks else None
    if roster:
        _add(roster, sorted(as_turn(shift) for shift in rows), revision)


def _check_day(day: date) -> None:
    if day < timezone.localdate():
        raise RuleBroken(_("过去的日子不能再改：那天谁在，要按当时的记录算。"), code="past")


# rota.py imports no model and has names of its own.
assert set(POSITIONS) == set(DutyShift.Position.values)
