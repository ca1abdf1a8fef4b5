"""Displaced bookings (要安置的): they stand, but their time is no longer open, or nobody handles their matter then.

A query and no list that is written, so that nothing can be forgotten: whatever closes a time, empties a half day or
ends an item displaces the bookings that it touches, until each is moved, cancelled, or kept on purpose (KeptBooking).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Left
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, AppointmentQuerySet, KeptBooking, Status
from appointments.catalog.models import ServiceItem
from appointments.slots.capacity import LONGEST_ITEM
from appointments.slots.models import Place, SlotGap
from centers import codes
from centers.models import CenterDay

_IS_DISPLACED = Q(is_kept=False) & (Q(is_closed=True) | Q(is_unstaffed=True) | Q(has_ended=True))


def displaced(at: datetime | None = None) -> AppointmentQuerySet:
    """Bookings that still lie ahead, with `is_closed`, `is_unstaffed` and `has_ended` as reasons (`why`)."""
    at = at or timezone.now()
    rows = Appointment.objects.with_status(Status.BOOKED).filter(starts_at__gt=at - LONGEST_ITEM, ends_at__gt=at)
    return with_displacement(rows).filter(_IS_DISPLACED)


def expected(rows: AppointmentQuerySet) -> AppointmentQuerySet:
    """Those of the rows that may come: not displaced, or kept all the same."""
    return with_displacement(rows).exclude(_IS_DISPLACED)


def with_displacement(rows: AppointmentQuerySet) -> AppointmentQuerySet:
    """Annotates what displaces a booking (`is_closed`, `is_unstaffed`, `has_ended`), and whether it is kept."""
    kept = KeptBooking.objects.filter(appointment=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    return rows.annotate(
        is_closed=Exists(_places().filter(slot__closed_at__isnull=False)),
        is_unstaffed=Exists(_gaps()),
        has_ended=~Exists(_offered()),
        is_kept=Exists(kept),
    )


def for_messages() -> AppointmentQuerySet:
    """The rows that messages are worded from."""
    return with_displacement(Appointment.objects.for_pages())


def is_displaced(appointment: Appointment) -> bool:
    """Whether it is displaced now; without a query for a row of `with_displacement`."""
    if appointment.status != Status.BOOKED or appointment.ends_at <= timezone.now():
        return False
    if not hasattr(appointment, "is_kept"):
        return displaced().filter(pk=appointment.pk).exists()
    reasons = appointment.is_closed, appointment.is_unstaffed, appointment.has_ended
    return any(reasons) and not appointment.is_kept


@dataclass(frozen=True, slots=True)
class Displaced:
    """One displaced booking, and why in words for villagers, such as 农忙."""

    appointment: Appointment
    why: str


def with_reasons(rows: Iterable[Appointment]) -> list[Displaced]:
    """Rows of `displaced`, in their order. One query more."""
    rows = list(rows)
    days = CenterDay.objects.filter(
        center__in={row.center_id for row in rows}, date__in={timezone.localdate(row.starts_at) for row in rows}
    )
    by_day = {(day.center_id, day.date): day for day in days}
    return [Displaced(row, _why(row, by_day.get((row.center_id, timezone.localdate(row.starts_at))))) for row in rows]


def _why(row: Appointment, day: CenterDay | None) -> str:
    if row.is_closed:
        return day.words if day and day.words else _("不开门")
    return _("没有人办这件事") if row.is_unstaffed else _("这里不再办这件事")


def _places() -> QuerySet[Place]:
    return Place.objects.filter(appointment=OuterRef("pk"), released_at__isnull=True)


def _gaps() -> QuerySet[SlotGap]:
    """Unstaffed slots for the item of the booking, among those that it occupies."""
    occupied = Place.objects.filter(
        appointment=OuterRef(OuterRef("pk")), released_at__isnull=True, slot=OuterRef("slot")
    )
    return SlotGap.objects.filter(Exists(occupied), center=OuterRef("center"), item_code=OuterRef("item__code"))


def _offered() -> QuerySet[ServiceItem]:
    """A current version of the item, of the center's division or one above it."""
    own = OuterRef("center__division__code")
    above = [Concat(Left(own, length), Value("0" * (12 - length))) for length in codes.LENGTHS[:-1]]
    return ServiceItem.objects.current().filter(division__code__in=[own, *above], code=OuterRef("item__code"))
