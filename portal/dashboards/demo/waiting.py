"""A full slot at the demo's own center with a waiting list, whose first entry has an open offer."""

from copy import copy
from datetime import datetime, timedelta

from django.utils import timezone

from appointments.booking.models import Channel
from appointments.catalog.models import ServiceItem
from appointments.slots.grid import steps_for
from appointments.slots.models import Hold, Place, Slot
from appointments.waiting import messages as waiting_messages
from appointments.waiting.models import WaitingEntry
from appointments.waiting.subjects import SUBJECT
from centers.models import Resident
from portal.dashboards.demo import messages
from portal.dashboards.demo.bookings import Crowd
from portal.dashboards.demo.cast import Cast
from portal.dashboards.demo.diary import Diary
from portal.notifications.models import Message, State

POPULAR = "yanglao-renzheng"
IN_LINE = 3
AHEAD = range(2, 14)


def fill_up(book: Diary, crowd: Crowd, now: datetime) -> None:
    """Before the diary is stored: neighbours book the rest of the first slot of an open day."""
    found = _time(book, now)
    if found is None:
        return
    day, slot, item = found[0], found[1], _item(crowd)
    people = iter(crowd.residents)
    for channel in (Channel.ONLINE, Channel.PHONE):
        for person in people:
            run = book.room_for(day, item, person, channel, at=0)
            if run:
                book.write(run, item, person, channel, now - timedelta(days=1, minutes=len(book.appointments) % 300))
            if slot.online_taken == slot.online_places and (channel == Channel.ONLINE or not _desk_left(slot)):
                break


def line_up(book: Diary, cast: Cast, crowd: Crowd, now: datetime) -> None:
    """After it: one of the bookings was cancelled, and the place is held for the first on the waiting list."""
    found = _time(book, now)
    if found is None or _desk_left(found[1]):
        return
    slot, item = found[1], _item(crowd)
    waiting = [*_strangers(slot, crowd.residents)[: IN_LINE - 1], cast.mother]
    entries = [_entry(slot, item, person, number, book, now) for number, person in enumerate(waiting)]
    WaitingEntry.objects.bulk_create(entries)
    gone = next((place for place in reversed(book.places) if _can_go(place, slot, cast)), None)
    if gone is not None:
        _offer(entries[0], gone, now)
    for position, entry in enumerate(entries, start=1):
        entry.position = position
    Message.objects.bulk_create(
        _sent(message, now)
        for entry in entries
        for message in messages.sent(
            waiting_messages.after_joining(entry, entry.joined_at), SUBJECT, _before_any_offer(entry), entry.joined_at
        )
    )


def _offer(entry: WaitingEntry, gone: Place, now: datetime) -> None:
    left = gone.appointment
    left.cancelled_at = gone.released_at = now - timedelta(minutes=3)
    left.cancelled_by, left.cancel_reason = "villager", "家里有事，来不了"
    left.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    gone.save(update_fields=["released_at"])
    entry.offered_at, entry.offer_ends_at = left.cancelled_at, now + timedelta(minutes=27)
    entry.save(update_fields=["offered_at", "offer_ends_at"])
    Hold.objects.create(
        slot=gone.slot, pool=gone.pool, size=gone.size, entry=entry, made_at=entry.offered_at, until=entry.offer_ends_at
    )


def _can_go(place: Place, slot: Slot, cast: Cast) -> bool:
    """A neighbour's booking of one slot only, so that cancelling it frees no other slot."""
    alone = place.slot is slot and place.appointment.ends_at == slot.ends_at
    return alone and place.pool == Place.Pool.ONLINE and not place.released_at and place.resident is not cast.mother


def _entry(slot: Slot, item: ServiceItem, person: Resident, number: int, book: Diary, now: datetime) -> WaitingEntry:
    return WaitingEntry(
        center=slot.center,
        slot=slot,
        item=item,
        resident=person,
        phone=person.phone,
        code=str(book.rng.randint(100_000, 999_999)),
        key=f"demo-waiting-{slot.pk}-{number}",
        channel=Channel.ONLINE if number else Channel.PHONE,
        joined_by=None if number else book.staff[0],
        joined_at=now - timedelta(hours=20 - 5 * number),
    )


def _time(book: Diary, now: datetime):
    """(day, first slot) of the first open day that is not too near."""
    today = timezone.localdate(now)
    days = (today + timedelta(days=ahead) for ahead in AHEAD)
    return next(((day, book.days[day][0]) for day in days if book.days.get(day)), None)


def _item(crowd: Crowd) -> ServiceItem:
    """An item of half an hour, which needs one slot only."""
    short = [item for item in crowd.items if steps_for(item.minutes) == 1]
    return next((item for item in short if item.code == POPULAR), short[0])


def _desk_left(slot: Slot) -> int:
    return slot.desk_places - slot.desk_taken


def _strangers(slot: Slot, residents: list[Resident]) -> list[Resident]:
    there = set(Place.objects.filter(slot=slot, released_at=None).values_list("resident", flat=True))
    return [person for person in residents if person.pk not in there and person.phone]


def _before_any_offer(entry: WaitingEntry) -> WaitingEntry:
    before = copy(entry)
    before.offered_at = before.offer_ends_at = None
    return before


def _sent(message: Message, now: datetime) -> Message:
    if message.state == State.PENDING:
        message.state, message.attempts = State.SENT, 1
        message.sent_at = min(message.due_at + timedelta(seconds=6), now)
    return message
