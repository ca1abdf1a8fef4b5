"""What is decided about displaced bookings, and what a change would displace."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking.displaced import Displaced, displaced, is_displaced, open_now, unsettled, with_reasons
from appointments.booking.models import Appointment, KeptBooking, Status
from appointments.settling.telling import rehearsal, tell
from centers.models import Center
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.days import span
from portal.ui.errors import RuleBroken


@transaction.atomic
def keep(*, appointment: Appointment, how: str, by: User) -> KeptBooking:
    """Keep a displaced booking on purpose, or keep it in another way. Idempotent. Raises RuleBroken `not_displaced`.

    In a transaction of its own, with no slot locked: it locks the booking (deadlocks, see telling.py).
    """
    appointment = Appointment.objects.locked(appointment.pk)
    kept = KeptBooking.objects.filter(appointment=appointment, starts_at=appointment.starts_at).first()
    if kept and kept.how == how:
        return kept
    if not kept and not is_displaced(appointment):
        raise RuleBroken(_("这个预约现在不用安置：时间是开放的，或者已经改了、取消了。"), code="not_displaced")
    kept = KeptBooking.objects.update_or_create(
        appointment=appointment, starts_at=appointment.starts_at, defaults={"how": how, "by": by, "at": timezone.now()}
    )[0]
    notifications.cancel(messages.subject_of(appointment), [messages.CLOSED])
    return kept


@transaction.atomic
def put_back(*, kept: KeptBooking, by: User) -> None:
    """Undo `keep`: it is displaced again if its time is still closed, and the person is told. Idempotent."""
    KeptBooking.objects.filter(pk=kept.pk).delete()
    tell(displaced().filter(pk=kept.appointment_id))


def kept_at(center: Center) -> list[KeptBooking]:
    """Bookings ahead that are kept on purpose, in order of time."""
    ahead = Appointment.objects.with_status(Status.BOOKED).settled_at(center)
    rows = KeptBooking.objects.filter(appointment__in=ahead).select_related(
        "appointment__item", "appointment__resident", "appointment__center__division", "by"
    )
    return [kept for kept in rows.order_by("starts_at", "pk") if kept.appointment.starts_at == kept.starts_at]


def waiting_at(center: Center) -> list[Displaced]:
    """Displaced bookings of a center, in order of time."""
    return with_reasons(displaced().settled_at(center).for_pages().order_by("starts_at", "pk"))


def unsettled_within(center: Center, first: datetime, last: datetime) -> list[Displaced]:
    """Displaced bookings of a center between two moments, also when they are over, in order of time."""
    booked = Appointment.objects.with_status(Status.BOOKED).filter(center=center)
    rows = unsettled(booked.filter(starts_at__lt=last, ends_at__gt=first))
    return with_reasons(rows.for_pages().order_by("starts_at", "pk"))


class _Undone(Exception):
    """Rolls a rehearsal back."""


def whom_it_touches(change: Callable[[], object]) -> list[Displaced]:
    """The bookings that `change` would displace: it is made, looked at, and rolled back. Raises what `change` raises.

    So the preview is what will happen, whatever the rules are. Messages that it plans are rolled back with it.
    In order of time.
    """
    found: list[Displaced] = []
    try:
        with transaction.atomic(), rehearsal() as followed:
            change()
            found = with_reasons(displaced().filter(pk__in=followed).for_pages().order_by("starts_at", "pk"))
            raise _Undone
    except _Undone:
        ids = [one.appointment.pk for one in found]
        before = set(displaced().filter(pk__in=ids).values_list("pk", flat=True))
        return [one for one in found if one.appointment.pk not in before]


def touched_at(change: Callable[[], object]) -> Counter[int]:
    """For settings.BOOKINGS_TOUCHED: how many bookings `change` would displace, by the key of their center."""
    return Counter(one.appointment.center_id for one in whom_it_touches(change))


def booked_on(days: Collection[date]) -> tuple[int, int]:
    """For settings.BOOKED_ON: bookings ahead on these days whose time is open, and at how many centers."""
    ahead = Appointment.objects.with_status(Status.BOOKED).filter(starts_at__gt=timezone.now())
    on_days = Q()
    for day in days:
        on_days |= Q(starts_at__range=span(day, day))
    rows = open_now(ahead.filter(on_days)) if days else ahead.none()
    found = rows.aggregate(number=Count("pk"), centers=Count("center", distinct=True))
    return found["number"], found["centers"]
