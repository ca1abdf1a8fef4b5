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
from appointments.catalog.models import ItemOptOut, ServiceItem
from appointments.slots import availability
from appointments.slots.capacity import LONGEST_ITEM
from appointments.slots.grid import Start
from appointments.slots.models import Place, Slot, SlotGap
from centers import codes
from centers.center_lookup import with_phone
from centers.days.opening import Opening
from centers.models import CenterDay, ClosureNotice

_HAS_REASON = Q(is_closed=True) | Q(is_unstaffed=True) | Q(has_ended=True)


def displaced(at: datetime | None = None) -> AppointmentQuerySet:
    """Bookings that still lie ahead, with `is_closed`, `is_unstaffed` and `has_ended` as reasons (`why`)."""
    at = at or timezone.now()
    rows = Appointment.objects.with_status(Status.BOOKED).filter(starts_at__gt=at - LONGEST_ITEM, ends_at__gt=at)
    return unsettled(rows)


def unsettled(rows: AppointmentQuerySet) -> AppointmentQuerySet:
    """Those of the rows whose time is not open and whom nobody has kept on purpose, also when it is over."""
    return with_displacement(rows).filter(_HAS_REASON, is_kept=False)


def expected(rows: AppointmentQuerySet) -> AppointmentQuerySet:
    """Those of the rows that may come: their time is open, or somebody opens on purpose."""
    return with_displacement(rows).exclude(_HAS_REASON & Q(is_opened=False))


def open_now(rows: AppointmentQuerySet) -> AppointmentQuerySet:
    """Those of the rows that nothing displaces."""
    return with_displacement(rows).exclude(_HAS_REASON)


def with_displacement(rows: AppointmentQuerySet) -> AppointmentQuerySet:
    """Annotates what displaces a booking (`is_closed`, `is_unstaffed`, `has_ended`), and whether it is kept."""
    kept = KeptBooking.objects.filter(appointment=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    return rows.annotate(
        is_closed=Exists(_places().filter(slot__closed_at__isnull=False)),
        is_unstaffed=Exists(_gaps()),
        has_ended=~Exists(_offered()),
        is_kept=Exists(kept),
        is_opened=Exists(kept.filter(how=KeptBooking.How.OPENED)),
    )


def for_messages() -> AppointmentQuerySet:
    """The rows that messages are worded from."""
    return with_phone(with_displacement(Appointment.objects.for_pages()))


def is_displaced(appointment: Appointment) -> bool:
    """Whether it is displaced now; without a query for a row of `with_displacement`."""
    if appointment.status != Status.BOOKED or appointment.ends_at <= timezone.now():
        return False
    row = _annotated(appointment)
    return has_reason(row) and not row.is_kept


def has_reason(appointment: Appointment) -> bool:
    """Whether its time is closed or unstaffed, or its item has ended; kept on purpose or not."""
    row = _annotated(appointment)
    return row.is_closed or row.is_unstaffed or row.has_ended


def may_come(appointment: Appointment) -> bool:
    """The center is open for it, or somebody opens it on purpose."""
    row = _annotated(appointment)
    return not has_reason(row) or row.is_opened


def is_elsewhere(appointment: Appointment) -> bool:
    """It takes place, but the person is not expected at the center: visited at home, say."""
    row = _annotated(appointment)
    return has_reason(row) and row.is_kept and not row.is_opened


def _annotated(appointment: Appointment) -> Appointment:
    """The row of `with_displacement`; one query unless it is one."""
    if hasattr(appointment, "is_kept"):
        return appointment
    return with_displacement(Appointment.objects.filter(pk=appointment.pk)).get()


def known_open(appointment: Appointment) -> Appointment:
    """The same row, annotated without a query: for rows in bulk whose time is known to be open."""
    appointment.is_closed = appointment.is_unstaffed = appointment.has_ended = False
    appointment.is_kept = appointment.is_opened = False
    return appointment


def is_offered(appointment: Appointment) -> bool:
    """Whether its item is still offered at its center."""
    return Appointment.objects.filter(Exists(_offered()), pk=appointment.pk).exists()


def find(appointment: Appointment) -> "Displaced | None":
    """Why this booking is displaced now; None if it is not."""
    row = displaced().filter(pk=appointment.pk).for_pages().first()
    return with_reasons([row])[0] if row else None


def others_than(appointment: Appointment) -> list[Start]:
    """The nearest free times for a displaced booking; none for an item that is no longer offered."""
    if getattr(appointment, "has_ended", False):
        return []
    slot = Slot(center=appointment.center.present, starts_at=appointment.starts_at)
    moves_on = slot.center_id != appointment.center_id
    return availability.nearest(slot, appointment.item, appointment.party_size, same=moves_on)


@dataclass(frozen=True, slots=True)
class Displaced:
    """One displaced booking, and why in words for villagers, such as 农忙."""

    appointment: Appointment
    why: str


def with_reasons(rows: Iterable[Appointment]) -> list[Displaced]:
    """Rows of `displaced`, in their order. Two queries more."""
    rows = list(rows)
    if not rows:
        return []
    centers = {row.center_id for row in rows}
    first, last = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
    days = CenterDay.objects.filter(center__in=centers, date__in={timezone.localdate(row.starts_at) for row in rows})
    by_day = {(day.center_id, day.date): day for day in days}
    closures = list(ClosureNotice.objects.approved().filter(center__in=centers).touching(first, last))
    return [
        Displaced(row, _why(row, by_day.get((row.center_id, timezone.localdate(row.starts_at))), closures))
        for row in rows
    ]


def _why(row: Appointment, day: CenterDay | None, closures: list[ClosureNotice]) -> str:
    if row.center.leads_to_id:
        return _("并入%(place)s") % {"place": row.center.division.short_name}
    if not row.is_closed:
        return _("没有人办这件事") if row.is_unstaffed else _("这里不再办这件事")
    for closure in closures:
        if closure.center_id == row.center_id and _overlap(row, closure):
            return closure.words
    if day and any(_overlap(row, period) for period in day.unstaffed_periods):
        return _("没有人值班")
    return day.words if day and day.reason in (CenterDay.Reason.HOLIDAY, CenterDay.Reason.PAUSED) else _("不开门")


def _overlap(row: Appointment, period: ClosureNotice | Opening) -> bool:
    return period.starts_at < row.ends_at and period.ends_at > row.starts_at


def _places() -> QuerySet[Place]:
    return Place.objects.filter(appointment=OuterRef("pk"), released_at__isnull=True)


def _gaps() -> QuerySet[SlotGap]:
    """Unstaffed slots for the item of the booking, among those that it occupies."""
    occupied = Place.objects.filter(
        appointment=OuterRef(OuterRef("pk")), released_at__isnull=True, slot=OuterRef("slot")
    )
    return SlotGap.objects.filter(Exists(occupied), center=OuterRef("center"), item_code=OuterRef("item__code"))


def _offered() -> QuerySet[ServiceItem]:
    """A current version of the item, of the center's division or one above it; none where one of them opted out."""
    out = ItemOptOut.objects.current().filter(
        division__code__in=_line(OuterRef(OuterRef("center__division__code"))), code=OuterRef("code")
    )
    current = ServiceItem.objects.current().filter(~Exists(out), code=OuterRef("item__code"))
    return current.filter(division__code__in=_line(OuterRef("center__division__code")))


def _line(own: OuterRef) -> list:
    """The code of a village and those of the divisions above it, in SQL."""
    return [own, *(Concat(Left(own, length), Value("0" * (12 - length))) for length in codes.LENGTHS[:-1])]
