"""Handling the appointments affected by a leave: notify the people, or cancel by the center."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking import services as booking
from appointments.leave.impact import AffectedAppointment, affected_by
from centers.models import Leave
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken


@transaction.atomic
def tell(*, leave: Leave, only: Iterable[int] | None = None, by: User) -> int:
    """Notify people who have not been notified yet, for all or `only` these appointments; returns how many. Idempotent.

    Raises RuleBroken `not_agreed` for a leave that is not approved.
    """
    agreed_at = _agreed_at(leave)
    untold, now = [one for one in _chosen(leave, only) if one.told_at is None], timezone.now()
    for one in untold:
        notifications.plan(messages.after_leave(one.appointment, agreed_at, one.stands_in, now))
    return len(untold)


def cancel(*, leave: Leave, only: Iterable[int], reason: str, by: User) -> tuple[int, list[str]]:
    """Cancel by the center, each in its own transaction. Returns how many, and the reasons why others were refused."""
    _agreed_at(leave)
    done, refused = 0, []
    for one in _chosen(leave, only):
        try:
            booking.cancel(appointment=one.appointment, by_center=True, reason=reason, by=by)
            done += 1
        except RuleBroken as broken:
            refused.append(f"{one.appointment.resident.name}：{broken}")
    return done, refused


def _chosen(leave: Leave, only: Iterable[int] | None) -> list[AffectedAppointment]:
    wanted = None if only is None else set(only)
    return [one for one in affected_by(leave) if wanted is None or one.appointment.pk in wanted]


def _agreed_at(leave: Leave) -> datetime:
    if leave.agreed_at is None or leave.withdrawn_at:
        raise RuleBroken(_("这次请假还没有同意，或者已经收回了，先不用通知群众。"), code="not_agreed")
    return leave.agreed_at
