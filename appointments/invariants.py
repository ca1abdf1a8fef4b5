"""What must be true of slots, places and appointments (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from appointments.booking.models import Appointment, Channel
from appointments.desk.offline.models import OfflineMark
from appointments.slots.grid import STEP
from appointments.slots.models import Hold, Place, Slot, SlotGap
from appointments.tickets.models import QueueDay, Ticket
from appointments.waiting.models import WaitingEntry

HELD = Q(places__released_at__isnull=True)


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "A slot's counters equal the places held in it.", _miscounted()
    yield "A slot holds no more than its places.", _overfull()
    yield "No two open slots of a center overlap.", _overlapping()
    yield "One person holds one place in a slot.", _held_twice()
    yield "A cancelled or missed appointment holds no place.", _held_for_nobody()
    yield "An appointment that stands holds the slots of its time.", _out_of_step()
    yield "A place is of its appointment's center, person and party.", _misplaced()
    yield "A gap is of its slot's center.", SlotGap.objects.exclude(slot__center=F("center"))
    yield "A mark made without a line is of its appointment's center.", _mismarked()
    yield "An offer holds the slots that its item takes.", _offered_too_little()
    yield "Nothing is kept for whoever waits no longer.", _kept_for_nobody()
    yield "No offer and no place that is held back outlives its time by an hour.", _kept_too_long(now)
    yield "Whoever accepted has the booking.", _accepted_in_vain()
    yield "A walk-in or somebody who came late holds no place.", _held_beside_the_queue()
    yield "No number is higher than the counter of its day.", _beyond_the_counter()
    yield "A number is of its appointment's center and stands as it does.", _number_out_of_step()


def _miscounted() -> QuerySet:
    def counted(pool: str):
        booked = Place.objects.filter(slot=OuterRef("pk"), pool=pool, released_at__isnull=True)
        kept = Hold.objects.filter(slot=OuterRef("pk"), pool=pool, ended_at__isnull=True)
        return _sum(booked) + _sum(kept)

    slots = Slot.objects.annotate(online_held=counted(Place.Pool.ONLINE), desk_held=counted(Place.Pool.DESK))
    return slots.exclude(online_taken=F("online_held"), desk_taken=F("desk_held"))


def _sum(rows: QuerySet) -> Coalesce:
    """Of `size`, in a query of its own: two joins would count each row as often as there are others."""
    return Coalesce(Subquery(rows.order_by().values("slot").annotate(total=Sum("size")).values("total")), 0)


def _overfull() -> QuerySet:
    return Slot.objects.filter(Q(online_taken__gt=F("online_places")) | Q(desk_taken__gt=F("desk_places")))


def _overlapping() -> QuerySet:
    """Closed ones may: when the hours move by a quarter, the old times stay for those who have booked them."""
    within = Slot.objects.open().filter(
        center=OuterRef("center"), starts_at__gte=OuterRef("starts_at"), starts_at__lt=OuterRef("ends_at")
    )
    return Slot.objects.open().filter(Exists(within.exclude(pk=OuterRef("pk"))))


def _held_twice() -> QuerySet:
    held = Place.objects.filter(released_at__isnull=True)
    another = held.filter(slot=OuterRef("slot"), resident=OuterRef("resident")).exclude(pk=OuterRef("pk"))
    return held.filter(Exists(another))


def _held_for_nobody() -> QuerySet:
    gone = Q(appointment__cancelled_at__isnull=False) | Q(appointment__missed_at__isnull=False)
    return Place.objects.filter(gone, released_at__isnull=True)


def _out_of_step() -> QuerySet:
    """Also those that hold nothing at all, except whoever took a number or came after their time."""
    first = Min("places__slot__starts_at", filter=HELD)
    last = Max("places__slot__ends_at", filter=HELD)
    holding = Appointment.objects.active().booked_ahead().filter(late_at__isnull=True)
    held = holding.annotate(first=first, last=last)
    return held.filter(Q(first__isnull=True) | ~Q(first=F("starts_at")) | Q(last__isnull=True) | ~Q(last=F("ends_at")))


def _misplaced() -> QuerySet:
    right = Q(
        slot__center=F("appointment__center"),
        resident=F("appointment__resident"),
        size=F("appointment__party_size"),
    )
    return Place.objects.filter(~right, released_at__isnull=True)


def _mismarked() -> QuerySet:
    return OfflineMark.objects.filter(appointment__isnull=False).exclude(appointment__center=F("center"))


def _offered_too_little() -> QuerySet:
    """Also those that are offered nothing at all. Half an hour is one slot; a rest counts as a whole one."""
    kept = Hold.objects.filter(entry=OuterRef("pk"), ended_at__isnull=True, size=OuterRef("party_size"))
    number = kept.order_by().values("entry").annotate(number=Count("pk")).values("number")
    offered = WaitingEntry.objects.offered().annotate(kept=Coalesce(Subquery(number), 0))
    minutes = F("kept") * int(STEP.total_seconds() // 60)
    return offered.exclude(item__minutes__lte=minutes, item__minutes__gt=minutes - int(STEP.total_seconds() // 60))


def _kept_for_nobody() -> QuerySet:
    return Hold.objects.filter(ended_at__isnull=True, entry__ended_at__isnull=False)


def _kept_too_long(now: datetime) -> QuerySet:
    return Hold.objects.filter(ended_at__isnull=True, until__lt=now - timedelta(hours=1))


def _accepted_in_vain() -> QuerySet:
    return WaitingEntry.objects.filter(outcome=WaitingEntry.Outcome.ACCEPTED, appointment__isnull=True)


def _held_beside_the_queue() -> QuerySet:
    beside = Q(appointment__channel=Channel.WALK_IN) | Q(appointment__late_at__isnull=False)
    return Place.objects.filter(beside, released_at__isnull=True)


def _beyond_the_counter() -> QuerySet:
    counted = QueueDay.objects.filter(center=OuterRef("center"), day=OuterRef("day"))
    return Ticket.objects.exclude(Exists(counted.filter(last_number__gte=OuterRef("number"))))


def _number_out_of_step() -> QuerySet:
    """An open number belongs to somebody who is there and not yet served."""
    named = Ticket.objects.filter(appointment__isnull=False)
    here = Q(appointment__arrived_at__isnull=False, appointment__served_at__isnull=True)
    here &= Q(appointment__missed_at__isnull=True, appointment__cancelled_at__isnull=True)
    done = Q(done_at__isnull=True, appointment__served_at__isnull=True)
    done |= Q(done_at__isnull=False, appointment__served_at__isnull=False)
    open_now = Q(done_at__isnull=True, missed_at__isnull=True, left_at__isnull=True)
    return named.filter(~Q(center=F("appointment__center")) | ~done | (open_now & ~here))
