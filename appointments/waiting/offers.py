"""Offering what becomes free to whoever waits for it, one person at a time, and what the clock does to the list."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.models import Appointment, Channel
from appointments.slots import capacity
from appointments.slots.models import Hold, Place, Slot, SlotGap
from appointments.waiting import holds
from appointments.waiting import messages as said
from appointments.waiting.models import WaitingEntry
from centers.offer_times import offer_ends
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken

Outcome = WaitingEntry.Outcome


def near(slot: Slot) -> Q:
    """The entries in line whose item may take this slot: it begins here, or at most four hours before."""
    first = slot.starts_at - capacity.LONGEST_ITEM
    return Q(center=slot.center_id, slot__starts_at__lte=slot.starts_at, slot__starts_at__gt=first)


def follow(slot: Slot) -> bool:
    """For settings.FREED_PLACE_FOLLOWERS: whether somebody waits for the slot. After the commit it is offered to them.

    On commit, since the waiting list books through services that give places back in the same transaction.
    """
    if not WaitingEntry.objects.waiting().filter(near(slot)).exists():
        return False
    transaction.on_commit(partial(pass_on, slot.pk), robust=True)
    return True


def pass_on(slot: int, at: datetime | None = None) -> int:
    """Offer what there is at a slot to those in line, first come first; give back what nobody gets any more.

    Returns how many were offered something. Whoever needs more than there is, is passed over and keeps their turn.
    """
    at = at or timezone.now()
    offered = 0
    with transaction.atomic():
        # In id order, as everywhere, so that nobody waits for each other in a circle. From here on what was read
        # holds, and two who pass on the same place follow one another.
        slots = {row.pk: row for row in _around(slot)}
        freed, stock = slots[slot], holds.stock_of(slots.values())
        line = WaitingEntry.objects.waiting().filter(near(freed)).for_pages()
        for entry in line.order_by("joined_at", "pk") if freed.closed_at is None else ():
            room = max(_room(freed, pool, stock) for pool in Place.Pool.values)
            if not room:
                break
            offered += entry.party_size <= room and _offer(entry, freed, slots, stock, at)
    for hold in holds.unassigned(slot=slot, until__lte=at):
        holds.give_back(hold, at)
    return offered


def _around(slot: int) -> list[Slot]:
    """The slot, and all that an item which takes it may take as well; their rows stay locked until the commit."""
    freed = Slot.objects.get(pk=slot)
    near = Slot.objects.filter(center=freed.center_id).between(
        freed.starts_at - capacity.LONGEST_ITEM, freed.starts_at + capacity.LONGEST_ITEM
    )
    return list(near.select_for_update(no_key=True).order_by("pk"))


def _room(slot: Slot, pool: str, stock: holds.Stock) -> int:
    return capacity.left(slot, pool) + sum(hold.size for hold in stock[slot.pk, pool])


def _offer(entry: WaitingEntry, freed: Slot, slots: dict[int, Slot], stock: holds.Stock, at: datetime) -> bool:
    """Hold the places that an entry needs and tell the person; False when it cannot be, and nothing has changed."""
    channel = Channel(entry.channel)
    ends = offer_ends(
        timezone.localtime(at),
        entry.slot.starts_at,
        minutes=settings.WAITING_OFFER_MINUTES,
        lead=_lead(channel),
        quiet=settings.QUIET_HOURS,
    )
    if ends is None:
        return False
    try:
        run = [slots[slot.pk] for slot in booking.run_from(slots[entry.slot_id], entry.item, at, channel)]
        booking.check_limits(_booking_of(entry), timezone.localdate(entry.slot.starts_at))
    except RuleBroken:
        return False
    if freed not in run or holds.is_there(entry, run):
        return False
    if not holds.assign(entry, run, booking.pools_for(channel), stock, at, ends):
        return False
    entry.offered_at, entry.offer_ends_at = at, ends
    asked = WaitingEntry.objects.waiting().filter(pk=entry.pk).update(offered_at=at, offer_ends_at=ends)
    if not asked:
        # They have left a moment ago: what was taken for them is for the next.
        holds.let_go(entry, at)
        return False
    notifications.plan(said.after_offering(entry, at))
    return True


def sweep(at: datetime | None = None) -> int:
    """What the clock does to the list, in settings.UPKEEP; returns how many entries and places it moved.

    Safe to run twice at the same moment, and to break off.
    """
    at = at or timezone.now()
    # First, or whoever was offered what nobody can see to would count as not answering.
    moved = sum(_withdraw(entry, at) for entry in _without_handler().for_pages().order_by("pk"))
    for entry in (
        WaitingEntry.objects.offered().filter(offer_ends_at__lte=at).for_pages().order_by("offer_ends_at", "pk")
    ):
        moved += _lapse(entry, at)
    moved += _end_all(WaitingEntry.objects.open().filter(slot__closed_at__isnull=False), Outcome.CLOSED, at)
    moved += _end_all(_too_late(at), Outcome.OVER, at)
    moved += _end_all(_already_there(), Outcome.LEFT, at)
    for slot in sorted(_to_look_at(at)):
        moved += pass_on(slot, at)
    return moved


def _to_look_at(at: datetime) -> set[int]:
    """Slots with a hold whose time is up, and those ahead that have room though somebody waits for them."""
    due = holds.unassigned(until__lte=at).values_list("slot", flat=True)
    return set(due) | set(_with_room_and_a_line(at))


def _with_room_and_a_line(at: datetime):
    """A place was added or the time reopened, or whoever freed a place died before passing it on."""
    line = WaitingEntry.objects.waiting().filter(slot=OuterRef("pk"))
    kept = holds.unassigned(slot=OuterRef("pk"))
    room = Q(online_taken__lt=F("online_places")) | Q(desk_taken__lt=F("desk_places")) | Exists(kept)
    return Slot.objects.open().filter(room, Exists(line), starts_at__gt=at).order_by().values_list("pk", flat=True)


def _without_handler():
    """Offers of a time at which, since, nobody on duty handles the item."""
    held = Hold.objects.filter(entry=OuterRef(OuterRef("pk")), ended_at__isnull=True).values("slot")
    return WaitingEntry.objects.offered().filter(
        Exists(SlotGap.objects.filter(slot__in=held, item_code=OuterRef("item__code")))
    )


def _withdraw(entry: WaitingEntry, at: datetime) -> int:
    """They wait as before, in the place that they had: it was not they who failed to answer."""
    with transaction.atomic():
        offer = WaitingEntry.objects.offered().filter(pk=entry.pk, offered_at=entry.offered_at)
        if not offer.update(offered_at=None, offer_ends_at=None, offer_withdrawn_at=at):
            return 0
        holds.let_go(entry, at)
        notifications.cancel(said.subject_of(entry), [said.OFFERED])
        notifications.plan(said.after_withdrawing(entry, at))
    return 1


def _lapse(entry: WaitingEntry, at: datetime) -> int:
    with transaction.atomic():
        late = WaitingEntry.objects.offered().filter(pk=entry.pk, offer_ends_at__lte=at)
        if not late.update(ended_at=at, outcome=Outcome.LAPSED):
            return 0
        holds.let_go(entry, at)
        notifications.cancel(said.subject_of(entry), [said.OFFERED])
        notifications.plan(said.after_lapse(entry, at))
    return 1


_TOLD = {Outcome.CLOSED: said.after_closing, Outcome.OVER: said.after_waiting_in_vain}


def _end_all(entries, outcome: Outcome, at: datetime) -> int:
    ended = 0
    for entry in entries.for_pages().order_by("pk"):
        with transaction.atomic():
            if not WaitingEntry.objects.open().filter(pk=entry.pk).update(ended_at=at, outcome=outcome):
                continue
            holds.let_go(entry, at)
            notifications.cancel(said.subject_of(entry), [said.OFFERED])
            if outcome in _TOLD:
                notifications.plan(_TOLD[outcome](entry, at))
            ended += 1
    return ended


def _too_late(at: datetime):
    """Nothing can be offered to them any more before the time has come."""
    by_staff = Q(channel__in=Channel.by_staff())
    soon = at + _lead(Channel.ONLINE)
    return WaitingEntry.objects.waiting().filter(
        Q(by_staff, slot__starts_at__lte=at) | Q(~by_staff, slot__starts_at__lte=soon)
    )


def _already_there():
    """They have found a place at that time in another way."""
    held = Place.objects.filter(slot=OuterRef("slot"), resident=OuterRef("resident"), released_at__isnull=True)
    return WaitingEntry.objects.waiting().filter(Exists(held))


def _booking_of(entry: WaitingEntry) -> Appointment:
    return Appointment(resident=entry.resident, phone=entry.phone, channel=entry.channel)


def _lead(channel: Channel) -> timedelta:
    return timedelta(minutes=0 if channel in Channel.by_staff() else settings.BOOKING_LEAD_MINUTES)
