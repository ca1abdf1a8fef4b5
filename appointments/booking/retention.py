"""Retention: anonymizing bookings, and which residents are still needed for one."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking import own
from appointments.booking.messages import subject_of
from appointments.booking.models import Appointment, Channel, Status
from appointments.slots.models import Place
from centers.people.retention import Traces
from portal.notifications import services as notifications
from portal.retention import GONE, Rule, forget_history, numbered, overdue, recent

EMPTY = {"phone": "", "contact_name": "", "note": "", "cancel_reason": ""}


def rules(at: datetime) -> Iterator[Rule]:
    past = overdue(at, "bookings", "starts_at", "center__division__code")
    yield Rule(Appointment.objects.filter(past).exclude(is_forgotten(), cancel_reason=""), _forget)


def is_forgotten() -> Q:
    """Includes people without a phone: their link shows a name. Waiting entries have the same columns."""
    return Q(phone="", contact_name="", note="", link__startswith=GONE)


def _forget(pks: list[int]) -> None:
    # The slip shows the name, so its link is invalidated too.
    Appointment.objects.filter(pk__in=pks).update(**EMPTY, link=numbered(GONE))
    forget_history(Appointment.objects.filter(pk__in=pks))
    notifications.forget(subjects=[subject_of(Appointment(pk=pk)) for pk in pks])


def _needed(at: datetime) -> Q:
    """Residents with a recent booking. Guests, known only by name and phone, have a shorter retention period."""
    as_guests = recent(at, "guests", "starts_at", "center__division__code")
    as_residents = recent(at, "bookings", "starts_at", "center__division__code")
    theirs = Appointment.objects.filter(resident=OuterRef("pk"))
    was_guest = ~Exists(theirs.filter(as_guests)) & ~Exists(theirs.filter(channel__in=Channel.by_staff()))
    listed_long_ago = overdue(at, "bookings", "created_at", "division__code")
    is_long_ago = ~Exists(theirs.filter(as_residents)) & listed_long_ago
    return ~(was_guest | is_long_ago)


def _forget_person(pks: list[int]) -> None:
    Appointment.objects.filter(resident__in=pks).update(**EMPTY)


def _clashes(keep: int, gone: int) -> list[str | Promise]:
    """Two places in one slot are two bookings, of which one has to go."""
    held = Place.objects.filter(released_at__isnull=True)
    if held.filter(resident=gone, slot__in=held.filter(resident=keep).values("slot")).exists():
        return [_("两边约了同一个时间，请先取消一个。")]
    return []


def _reached(pk: int, phone: str) -> list[QuerySet]:
    ahead = Appointment.objects.with_status(Status.BOOKED).filter(resident=pk, phone=phone, ends_at__gt=timezone.now())
    return [ahead.select_related("item").order_by("starts_at", "pk")]


traces = Traces(_needed, _forget_person, _clashes, _reached, own.stored, own.ahead, own.holds, own.end, own.erase)
