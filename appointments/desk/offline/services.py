"""Syncing marks from offline devices: in order, idempotent, and without overwriting newer changes (conflicts)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from appointments.desk import attendance
from appointments.desk.offline.models import OfflineMark
from centers.models import Center
from portal import locking
from portal.accounts.models import User
from portal.ui import words
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import make_once

Kind = OfflineMark.Kind
Outcome = OfflineMark.Outcome


@dataclass(frozen=True)
class Tap:
    """One mark as the device sent it."""

    key: uuid.UUID
    kind: str
    made_at: datetime
    appointment: int | None = None
    seen: str = ""
    name: str = ""
    matter: str = ""


# For each kind: the states from which it can be set, and the states in which it is already set.
POSSIBLE = {
    Kind.ARRIVE: {Status.BOOKED},
    Kind.SERVE: {Status.BOOKED, Status.ARRIVED},
    Kind.MISS: {Status.BOOKED},
}
REACHED = {
    Kind.ARRIVE: {Status.ARRIVED, Status.SERVED},
    Kind.SERVE: {Status.SERVED},
    Kind.MISS: {Status.MISSED},
}
# Undo leads from the state that was seen to the one before it.
BEFORE = {Status.ARRIVED: Status.BOOKED, Status.SERVED: Status.ARRIVED, Status.MISSED: Status.BOOKED}

ACTIONS: dict[str, Callable[..., Appointment]] = {
    Kind.ARRIVE: attendance.arrive,
    Kind.SERVE: attendance.serve,
    Kind.MISS: attendance.miss,
    Kind.UNDO: attendance.undo,
}


def sync_mark(*, center: Center, tap: Tap, by: User) -> OfflineMark:
    """Sync one mark. Idempotent by its key, also for concurrent requests: the outcome is that of the first."""
    return make_once(partial(_sync_once, center, tap, by), partial(_stored, tap))


@transaction.atomic
def settle(*, mark: OfflineMark, by: User) -> OfflineMark:
    """Mark a note or conflict as resolved. Idempotent."""
    mark = locking.locked(OfflineMark.objects.all(), mark.pk)
    if mark.settled_at is None:
        mark.settled_at, mark.settled_by = timezone.now(), by
        mark.save(update_fields=["settled_at", "settled_by"])
    return mark


def _sync_once(center: Center, tap: Tap, by: User) -> OfflineMark:
    # 1. Lock the appointment's row, so that its state cannot change before the mark is set. None at another center.
    appointment = _locked_appointment(center, tap)
    # 2. Look for the key only under the lock: a concurrent request with the same key has committed by then.
    if stored := _stored(tap):
        return stored
    # 3. Set the mark. 4. Store the outcome; a violation of the unique key rolls the mark back.
    outcome, note = _apply(appointment, tap, by)
    return OfflineMark.objects.create(
        center=center,
        appointment=appointment,
        key=tap.key,
        kind=tap.kind,
        seen=tap.seen,
        # A wrong device clock must not put an arrival into the future.
        made_at=min(tap.made_at, timezone.now()) if tap.kind == Kind.NOTE else tap.made_at,
        by=by,
        outcome=outcome,
        note=note,
        name=tap.name,
        matter=tap.matter,
    )


def _locked_appointment(center: Center, tap: Tap) -> Appointment | None:
    try:
        return Appointment.objects.settled_at(center).locked(tap.appointment) if tap.appointment else None
    except Appointment.DoesNotExist:
        return None


def _stored(tap: Tap) -> OfflineMark | None:
    return OfflineMark.objects.filter(key=tap.key).first()


def _apply(appointment: Appointment | None, tap: Tap, by: User) -> tuple[Outcome, str]:
    if tap.kind == Kind.NOTE:
        return Outcome.APPLIED, ""
    if appointment is None:
        return Outcome.REFUSED, _("名单上的这一条不是本中心的预约，没有记上。请在工作台上核对。")
    try:
        attendance.moment_of(appointment, tap.made_at, timezone.now())
        if appointment.status in _reached(tap):
            return Outcome.ALREADY, ""
        if appointment.status not in _possible(tap):
            return Outcome.CONFLICT, _conflict(appointment, tap)
        ACTIONS[tap.kind](appointment=appointment, by=by, at=tap.made_at)
    except RuleBroken as broken:
        return Outcome.REFUSED, str(broken)
    return Outcome.APPLIED, ""


def _reached(tap: Tap) -> set[Status]:
    return {BEFORE[Status(tap.seen)]} if tap.kind == Kind.UNDO else REACHED[Kind(tap.kind)]


def _possible(tap: Tap) -> set[Status]:
    """A mark is applied to the current state, an undo to the state that was on the screen."""
    return {Status(tap.seen)} if tap.kind == Kind.UNDO else POSSIBLE[Kind(tap.kind)]


def _conflict(appointment: Appointment, tap: Tap) -> str:
    """The conflict in words: the offline mark, the current state, and what to do."""
    when, who = _last_change(appointment)
    parts = {
        "mine": words.clock(tap.made_at),
        "wanted": Kind(tap.kind).label,
        "present": appointment.status.label,
        "theirs": words.clock(when) if when else "",
        "who": who,
    }
    if appointment.status == Status.CANCELLED:
        return (
            _("您%(mine)s记了“%(wanted)s”，可是这个预约%(theirs)s已经取消，没有改动。人来了的，请替他另约一个。")
            % parts
        )
    if not when:
        return _("您%(mine)s记了“%(wanted)s”，可是系统里是“%(present)s”，没有改动。请在工作台上核对。") % parts
    if not who:
        return (
            _(
                "您%(mine)s记了“%(wanted)s”，系统里%(theirs)s已经记了“%(present)s”，以“%(present)s”为准，没有改动。"
                "记错了的，请在工作台上撤回再记。"
            )
            % parts
        )
    return (
        _(
            "您%(mine)s记了“%(wanted)s”，%(who)s%(theirs)s已经记了“%(present)s”，以“%(present)s”为准，没有改动。"
            "记错了的，请在工作台上撤回再记。"
        )
        % parts
    )


def _last_change(appointment: Appointment) -> tuple[datetime | None, str]:
    """When the current state began and who set it; the name is empty where it is not stored."""
    moments = {
        Status.ARRIVED: (appointment.arrived_at, None),
        Status.SERVED: (appointment.served_at, appointment.served_by),
        Status.MISSED: (appointment.missed_at, appointment.missed_by),
        Status.CANCELLED: (appointment.cancelled_at, appointment.cancel_typed_by),
        Status.BOOKED: (None, None),
    }
    when, by = moments[appointment.status]
    return when, str(by) if by else ""
