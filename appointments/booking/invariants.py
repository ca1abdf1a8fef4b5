"""Invariants of bookings and their places (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Max, Min, Q, QuerySet

from appointments.booking import reminders
from appointments.booking.models import Appointment, Channel
from appointments.slots.models import Place

OCCUPIED = Q(places__released_at__isnull=True)


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "A cancelled or missed appointment occupies no place.", _places_of_gone()
    yield "An active appointment occupies the slots of its time.", _time_mismatch()
    yield "A place is of its appointment's center, person and party.", _misplaced()
    yield "A booking that stands has the row of its reminder, ten minutes after its hour.", reminders.unplanned(now)
    yield "A walk-in or a late arrival occupies no place.", _places_of_walk_ins()


def _places_of_gone() -> QuerySet:
    gone = Q(appointment__cancelled_at__isnull=False) | Q(appointment__missed_at__isnull=False)
    return Place.objects.filter(gone, released_at__isnull=True)


def _time_mismatch() -> QuerySet:
    """Includes active appointments without any place, except walk-ins and late arrivals."""
    first = Min("places__slot__starts_at", filter=OCCUPIED)
    last = Max("places__slot__ends_at", filter=OCCUPIED)
    expected = Appointment.objects.active().booked_ahead().filter(late_at__isnull=True)
    occupying = expected.annotate(first=first, last=last)
    return occupying.filter(
        Q(first__isnull=True) | ~Q(first=F("starts_at")) | Q(last__isnull=True) | ~Q(last=F("ends_at"))
    )


def _misplaced() -> QuerySet:
    right = Q(
        slot__center=F("appointment__center"),
        resident=F("appointment__resident"),
        size=F("appointment__party_size"),
    )
    return Place.objects.filter(~right, released_at__isnull=True)


def _places_of_walk_ins() -> QuerySet:
    without_place = Q(appointment__channel=Channel.WALK_IN) | Q(appointment__late_at__isnull=False)
    return Place.objects.filter(without_place, released_at__isnull=True)
