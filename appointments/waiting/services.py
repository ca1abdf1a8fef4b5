"""The waiting list of a fully booked slot: join, accept, decline, leave. Who gets which offer: offers.py.

Each step is a conditional UPDATE on the entry. When an answer, the expiry job and a double tap race, exactly one
of them succeeds and the others get the current state.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import services as booking
from appointments.booking.limits import lock_people
from appointments.booking.models import Appointment, Channel, same_person
from appointments.booking.repeated import person_key
from appointments.catalog.models import ServiceItem
from appointments.catalog.offered import check_offered
from appointments.slots import capacity
from appointments.slots.models import Place, Slot
from appointments.waiting import holds
from appointments.waiting import messages as waiting_messages
from appointments.waiting.models import WaitingEntry
from centers.models import FamilyLink, Resident
from centers.people import residents
from centers.rules.reading import value
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import KeyReused, make_once

Outcome = WaitingEntry.Outcome


def join(
    *,
    slot: Slot,
    item: ServiceItem,
    resident: Resident | Callable[[], Resident],
    channel: Channel,
    key: str,
    by: User | None = None,
    phone: str = "",
    contact_name: str = "",
    relation: str = FamilyLink.Relation.SELF,
    party_size: int = 1,
    note: str = "",
) -> WaitingEntry:
    """Put `resident` on the waiting list for `item` from `slot` on. Idempotent by `key`, the form's idempotency key.

    `resident` may be a function that finds or creates the person, called in the same transaction, so that a refused
    entry leaves no new resident behind.

    Raises RuleBroken `has_room`, `too_large`, `already_booked`, `one_person_waits_once_for_a_time`, `waiting_limit`,
    `slot_gone`, `slot_too_soon`, `item_gone`, `key_reused`.
    """
    now = timezone.now()
    entry = WaitingEntry(
        center=slot.center,
        slot=slot,
        item=item,
        party_size=party_size,
        key=key,
        channel=channel,
        phone=phone,
        contact_name=contact_name,
        relation=relation,
        note=note,
        joined_at=now,
        joined_by=by,
    )
    return make_once(partial(_join, entry, resident, now), partial(_made_before, entry))


def _join(entry: WaitingEntry, resident: Resident | Callable[[], Resident], now: datetime) -> WaitingEntry:
    entry.resident = residents.in_use(resident)
    entry.phone = entry.phone or entry.resident.phone
    # Lock before counting: the limit per person and phone would otherwise have a race condition.
    lock_people(entry.resident, entry.phone)
    entry.slot = Slot.objects.get(pk=entry.slot_id)
    _check_joining(entry, now)
    entry.clean_fields(exclude=["center", "slot", "item", "resident", "joined_by"])
    entry.save(force_insert=True)
    notifications.plan(waiting_messages.after_joining(entry, now))
    return entry


def position(entry: WaitingEntry) -> int:
    return WaitingEntry.objects.with_position().values_list("position", flat=True).get(pk=entry.pk)


def accept(*, entry: WaitingEntry, by: User | None = None) -> Appointment:
    """Book what is held for the entry: its holds become places. Idempotent: a repeat returns the same booking.

    `by` is the staff member who types it for a caller. Raises RuleBroken `not_offered`, `waiting_over`, `item_gone`,
    and all that booking.book raises: the rollback then leaves the offer open.
    """
    with transaction.atomic():
        # In the order in which bookings lock: the person, the slots; then the entry.
        residents.in_use(entry.resident)
        booking.lock_people(entry.resident, entry.phone)
        holds.lock_slots([entry])
        now = timezone.now()
        open_offer = WaitingEntry.objects.offered().filter(pk=entry.pk, offer_ends_at__gt=now)
        if not open_offer.update(ended_at=now, outcome=Outcome.ACCEPTED, ended_by=by):
            return _accepted_before(entry)
        entry = WaitingEntry.objects.for_pages().get(pk=entry.pk)
        check_offered(entry.center, entry.item)
        appointment = booking.book(
            slot=entry.slot,
            item=entry.item,
            resident=entry.resident,
            channel=Channel(entry.channel),
            key=f"waiting:{entry.pk}",
            by=by or entry.joined_by,
            phone=entry.phone,
            contact_name=entry.contact_name,
            relation=entry.relation,
            party_size=entry.party_size,
            note=entry.note,
            claim=partial(holds.convert, entry, now),
        )
        WaitingEntry.objects.filter(pk=entry.pk).update(appointment=appointment)
        notifications.cancel(waiting_messages.subject_of(entry), waiting_messages.TITLES)
    return appointment


def decline(*, entry: WaitingEntry, by: User | None = None) -> WaitingEntry:
    """Decline the offer; it goes to the next entry. Idempotent. Raises RuleBroken `not_offered`, `waiting_over`."""
    return _end(entry, Outcome.DECLINED, WaitingEntry.objects.offered(), timezone.now(), by)


def leave(*, entry: WaitingEntry, by: User | None = None) -> WaitingEntry:
    """Leave the waiting list, with or without an offer. Idempotent. Raises RuleBroken `waiting_over`."""
    return _end(entry, Outcome.LEFT, WaitingEntry.objects.open(), timezone.now(), by)


def _end(entry: WaitingEntry, outcome: Outcome, which, at: datetime, by: User | None) -> WaitingEntry:
    with transaction.atomic():
        holds.lock_slots([entry])
        ended = which.filter(pk=entry.pk).update(ended_at=at, outcome=outcome, ended_by=by)
        if ended:
            holds.release([entry], at)
            notifications.cancel(waiting_messages.subject_of(entry), waiting_messages.TITLES)
    entry = WaitingEntry.objects.for_pages().get(pk=entry.pk)
    if ended or entry.outcome == outcome:
        return entry
    raise _not_open(entry)


def _accepted_before(entry: WaitingEntry) -> Appointment:
    entry = WaitingEntry.objects.for_pages().get(pk=entry.pk)
    if entry.appointment:
        return Appointment.objects.for_pages().get(pk=entry.appointment_id)
    raise _not_open(entry)


def _not_open(entry: WaitingEntry) -> RuleBroken:
    if entry.is_open and entry.offered_at is None:
        return RuleBroken(_("还没有轮到，请再等一等。一有空位马上告诉您。"), code="not_offered")
    if entry.is_open or entry.outcome == Outcome.LAPSED:
        return RuleBroken(
            _("给您留的时间过了，空位让给下一位了。还想要，可以再排一次，或者打中心电话。"), code="waiting_over"
        )
    sentence = _("这次候补已经结束了（%(outcome)s）。要约别的时间，可以从头再约。")
    return RuleBroken(sentence % {"outcome": entry.get_outcome_display()}, code="waiting_over")


def _made_before(attempt: WaitingEntry) -> WaitingEntry | None:
    earlier = WaitingEntry.objects.for_pages().filter(key=attempt.key).first()
    if earlier and (attempt.resident_id is None or _identity(earlier) != _identity(attempt)):
        raise KeyReused
    return earlier


def _identity(entry: WaitingEntry) -> tuple:
    return entry.slot_id, entry.item.code, person_key(entry.resident)


def _check_joining(entry: WaitingEntry, now: datetime) -> None:
    check_offered(entry.center, entry.item)
    channel = Channel(entry.channel)
    slots = booking.staffed_slots_from(entry.slot, entry.item, now, channel)
    pools = booking.pools_for(channel)
    if any(all(capacity.left(slot, pool) >= entry.party_size for slot in slots) for pool in pools):
        raise RuleBroken(_("这个时间现在有空位，不用候补，直接约就行。"), code="has_room")
    if not any(all(_capacity(slot, pool) >= entry.party_size for slot in slots) for pool in pools):
        raise RuleBroken(
            _("这个时间一共也没有%(size)d个位子，候补也等不到。请少来几个人，或者另选一个时间。")
            % {"size": entry.party_size},
            code="too_large",
            field="party_size",
        )
    if holds.has_conflict(entry, slots):
        raise RuleBroken(_("来办的人在这个时间已经约了别的事，不用候补。"), code="already_booked")
    mine = same_person(entry.resident, entry.phone)
    most = value("WAITING_LIMIT_PER_PERSON", entry.center_id)
    if WaitingEntry.objects.open().filter(mine).exclude(slot=entry.slot).count() >= most:
        raise RuleBroken(
            _("同时最多候补%(number)d个时间。请先退掉一个不等的，再来排这个。") % {"number": most},
            code="waiting_limit",
        )


def _capacity(slot: Slot, pool: str) -> int:
    return slot.online_places if pool == Place.Pool.ONLINE else slot.desk_places
