"""Invariants of slots and places (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from appointments.slots.making import plan_for
from appointments.slots.models import Hold, Place, Slot, SlotGap
from centers.models import CenterDay
from centers.rules.reading import highest

AT_ONCE = 100


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "A slot's counters equal its occupied places and holds.", _miscounted()
    yield "A slot's counters stay within its capacity.", _overfull()
    yield "No two open slots of a center overlap.", _overlapping()
    yield "A slot ahead is open when its center's day is, with no more places than seats.", _other_than_the_day(now)
    yield "One person occupies at most one place in a slot.", _occupied_twice()
    yield "An unstaffed slot is stored with its slot's center.", SlotGap.objects.exclude(slot__center=F("center"))


def _miscounted() -> QuerySet:
    def counted(pool: str):
        booked = Place.objects.filter(slot=OuterRef("pk"), pool=pool, released_at__isnull=True)
        held = Hold.objects.filter(slot=OuterRef("pk"), pool=pool, ended_at__isnull=True)
        return _sum(booked) + _sum(held)

    slots = Slot.objects.annotate(online_held=counted(Place.Pool.ONLINE), desk_held=counted(Place.Pool.DESK))
    return slots.exclude(online_taken=F("online_held"), desk_taken=F("desk_held"))


def _sum(rows: QuerySet) -> Coalesce:
    """Sum of `size` as a subquery: joining both tables would multiply the rows and the sums."""
    return Coalesce(Subquery(rows.order_by().values("slot").annotate(total=Sum("size")).values("total")), 0)


def _overfull() -> QuerySet:
    return Slot.objects.filter(Q(online_taken__gt=F("online_places")) | Q(desk_taken__gt=F("desk_places")))


def _overlapping() -> QuerySet:
    """Closed slots may overlap open ones: after opening hours shift by 15 minutes, old slots keep their bookings."""
    within = Slot.objects.open().filter(
        center=OuterRef("center"), starts_at__gte=OuterRef("starts_at"), starts_at__lt=OuterRef("ends_at")
    )
    return Slot.objects.open().filter(Exists(within.exclude(pk=OuterRef("pk"))))


def _other_than_the_day(now: datetime) -> QuerySet:
    """Only of days that are not waiting to be computed anew."""
    wrong: set[int] = set()
    first = timezone.localdate(now)
    last = first + timedelta(days=highest("BOOKING_HORIZON_DAYS"))
    pks = list(Slot.objects.filter(starts_at__gt=now).order_by().values_list("center", flat=True).distinct())
    for at in range(0, len(pks), AT_ONCE):
        rows = CenterDay.objects.between(first, last).filter(center__in=pks[at : at + AT_ONCE], is_stale=False)
        if rows:
            wrong |= plan_for(list(rows)).broken
    return Slot.objects.filter(pk__in=wrong, starts_at__gt=now)


def _occupied_twice() -> QuerySet:
    held = Place.objects.filter(released_at__isnull=True)
    another = held.filter(slot=OuterRef("slot"), resident=OuterRef("resident")).exclude(pk=OuterRef("pk"))
    return held.filter(Exists(another))
