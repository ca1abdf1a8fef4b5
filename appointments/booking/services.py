"""Book, move, cancel: each one transaction, each safe to be asked twice."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking.models import Appointment, Channel, Status, new_code, same_person
from appointments.catalog.models import ServiceItem
from appointments.slots import capacity, unstaffed
from appointments.slots.grid import steps_for
from appointments.slots.models import Place, Slot
from centers.models import FamilyLink, Resident
from portal import metrics
from portal.accounts.audit_log import log_creation, log_creations_together
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.prepared import Prepared, PreparedInsert, run
from portal.ui.days import of_day
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import KeyReused, make_once

CODES = "an_appointment_code_is_used_once_in_a_center"
# What is looked at is what people type. The rest comes from rows just read or from here, and its constraints stand in
# the database: no query for it.
TYPED = {"party_size", "key", "channel", "phone", "contact_name", "relation", "note"}
UNASKED = {field.name for field in Appointment._meta.fields} - TYPED


def book(
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
    take: Callable[[list[Slot]], str] | None = None,
) -> Appointment:
    """Book `item` for `resident` from `slot` on; `key` is what the form was given when it was shown.

    `resident` may be what finds or lists the person: in the same transaction, so that nobody is listed for a booking
    that was refused.

    `take` stands in for claiming free places: whoever was offered some brings them along, and says of which pool.

    The same key again returns the booking that it made, as `is_repeat`. Raises SlotFull when no place is left and
    RuleBroken with codes `slot_gone`, `slot_too_soon`, `nobody_for_item`, `already_booked`, `person_limit`,
    `phone_limit`, `key_reused`.
    """
    now = timezone.now()
    appointment = Appointment(
        center=slot.center,
        item=item,
        code="",  # drawn with each try
        starts_at=slot.starts_at,
        party_size=party_size,
        key=key,
        channel=channel,
        phone=phone,
        contact_name=contact_name,
        relation=relation,
        note=note,
        booked_by=by,
        booked_at=now,
    )
    try:
        return make_once(
            partial(_book, appointment, resident, slot, item, now, take),
            partial(_made_before, appointment),
            drawn=CODES,
        )
    except RuleBroken as refusal:
        metrics.refused(refusal.code)
        raise


@log_creations_together()
def _book(
    appointment: Appointment,
    resident: Resident | Callable[[], Resident],
    slot: Slot,
    item: ServiceItem,
    now: datetime,
    take: Callable[[list[Slot]], str] | None,
) -> Appointment:
    appointment.resident = resident() if callable(resident) else resident
    appointment.phone = appointment.phone or appointment.resident.phone
    # 1. One person's and one number's bookings follow one another, so that limits count truly.
    lock_people(appointment.resident, appointment.phone)
    channel = Channel(appointment.channel)
    slots = (run_from if take else unbroken_from)(slot, item, now, channel)
    check_limits(appointment, timezone.localdate(slot.starts_at))
    # 2. Places are claimed as late as possible: the slot's row stays locked until the commit.
    pool = take(slots) if take else capacity.claim(slots, appointment.party_size, pools_for(channel), item.code)
    appointment.code, appointment.ends_at = new_code(), slots[-1].ends_at
    appointment.clean_fields(exclude=UNASKED)
    _insert([appointment])
    log_creation(appointment)
    capacity.hold(appointment, slots, pool)
    # 3. What will be said is stored with the booking or not at all.
    notifications.plan(messages.after_booking(appointment, now))
    return appointment


_insert = PreparedInsert(Appointment)


def find_by_key(key: str) -> Appointment | None:
    return Appointment.objects.for_pages().filter(key=key).first()


def move(*, appointment: Appointment, slot: Slot, by: User | None = None) -> Appointment:
    """Change the time in one step: the old places are given back only once the new ones are held.

    Raises SlotFull, RuleBroken (`not_changeable`, `slot_gone`, `slot_too_soon`, `nobody_for_item`,
    and the limits of the new day); the first time is then kept as it was.
    """
    now = timezone.now()
    if slot.center_id != appointment.center_id:
        raise RuleBroken(_("改时间只能在同一个中心。去别的中心请另约一次。"), code="other_center")
    with transaction.atomic():
        appointment = Appointment.objects.locked(appointment.pk)
        if appointment.starts_at == slot.starts_at and not appointment.cancelled_at:
            return appointment
        _check_changeable(appointment, now)
        slots = run_from(slot, appointment.item, now, Channel(appointment.channel))
        if (day := timezone.localdate(slot.starts_at)) != timezone.localdate(appointment.starts_at):
            lock_people(appointment.resident, appointment.phone)
            check_limits(appointment, day)
        held = {place.slot_id: place for place in appointment.places.filter(released_at__isnull=True)}
        _swap(appointment, slots, held, now)
        appointment.starts_at, appointment.ends_at = slots[0].starts_at, slots[-1].ends_at
        appointment.move_count += 1
        # What was said about the old time says nothing about the new one.
        appointment.confirmed_at = appointment.confirmed_by = None
        appointment.save(update_fields=["starts_at", "ends_at", "move_count", "confirmed_at", "confirmed_by"])
        subject = messages.subject_of(appointment)
        notifications.cancel(subject, messages.PLANNED_AHEAD)
        notifications.replan(messages.after_moving(appointment, now))
    return appointment


def cancel(
    *, appointment: Appointment, by_center: bool = False, reason: str = "", by: User | None = None
) -> Appointment:
    """Cancel and give the places back; the row stays. Asking again changes nothing.

    `by_center` says whose wish it is, `by` who typed it: a cadre also cancels for a caller.
    Past the cutoff a villager's cancellation counts as late. Raises RuleBroken `not_changeable`.
    """
    now = timezone.now()
    with transaction.atomic():
        appointment = Appointment.objects.locked(appointment.pk)
        if appointment.cancelled_at:
            return appointment
        _check_changeable(appointment, now, after_start=by_center)
        appointment.is_late_cancellation = not by_center and appointment.is_past_cutoff(now)
        appointment.cancelled_at = now
        appointment.cancelled_by = "center" if by_center else "villager"
        appointment.cancel_typed_by = by
        appointment.cancel_reason = reason
        appointment.save(
            update_fields=["cancelled_at", "cancelled_by", "cancel_typed_by", "cancel_reason", "is_late_cancellation"]
        )
        capacity.release(appointment, now)
        notifications.cancel(messages.subject_of(appointment), messages.PLANNED_AHEAD)
        notifications.plan(messages.after_cancelling(appointment, now))
    return appointment


def pools_for(channel: Channel) -> list[str]:
    """Public places first, also for callers: the desk's own share is what is left when those are gone."""
    online, desk = Place.Pool.ONLINE, Place.Pool.DESK
    return [online, desk] if channel in Channel.by_staff() else [online]


def run_from(slot: Slot, item: ServiceItem, now: datetime, channel: Channel) -> list[Slot]:
    """As `unbroken_from`, with somebody on duty who handles the item; else RuleBroken `nobody_for_item`."""
    slots = unbroken_from(slot, item, now, channel)
    unstaffed.check(slots, item.code)
    return slots


def unbroken_from(slot: Slot, item: ServiceItem, now: datetime, channel: Channel) -> list[Slot]:
    """The unbroken slots that the item takes from `slot` on. Raises RuleBroken `slot_gone`, `slot_too_soon`."""
    steps = steps_for(item.minutes)
    slots = [slot]
    if steps > 1:
        following = Slot.objects.open().filter(center_id=slot.center_id, starts_at__gt=slot.starts_at)
        slots += following.order_by("starts_at")[: steps - 1]
    if len(slots) < steps or any(before.ends_at != after.starts_at for before, after in pairwise(slots)):
        raise RuleBroken(_("从这个时间开始，剩下的时间不够办这件事。请选早一点的时间。"), code="slot_gone")
    if slot.closed_at is not None:
        raise RuleBroken(_("中心这个时间不开放了。您填的内容还在，请另选一个时间。"), code="slot_gone")
    lead = timedelta(minutes=0 if channel in Channel.by_staff() else settings.BOOKING_LEAD_MINUTES)
    latest = slot.ends_at if channel in Channel.by_staff() else slot.starts_at
    if latest < now + lead:
        raise RuleBroken(_("这个时间已经过了或马上就到，来不及约了。请另选一个时间。"), code="slot_too_soon")
    return slots


def _made_before(asked: Appointment) -> Appointment | None:
    earlier = find_by_key(asked.key)
    if earlier is None:
        return None
    # Moved since, or booked a moment ago: it is the same form as long as it is about the same person and thing.
    if asked.resident_id is None or _about(earlier) != _about(asked):
        raise KeyReused
    earlier.is_repeat = True
    return earlier


def _about(appointment: Appointment) -> tuple:
    # By name and not by pk: whoever was listed for this try is no longer.
    person = appointment.resident
    return appointment.center_id, appointment.item.code, person.division_id, person.name, person.phone


def lock_people(resident: Resident, phone: str) -> None:
    """Until the commit, nobody else books for this person or this number, in whichever village.

    Locks on names and not on rows: somebody listed a moment ago, in a transaction that is still open, has
    no row yet that others could wait for. SQLite needs none: its transactions write one after another.
    """
    if connection.vendor != "postgresql":
        return
    names = {f"resident:{resident.pk}", f"phone:{phone}"} if phone else {f"resident:{resident.pk}"}
    keys = sorted(map(_lock_number, names))
    run(f"SELECT {', '.join(['pg_advisory_xact_lock(%s)'] * len(keys))}", keys)


def _lock_number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def _check_changeable(appointment: Appointment, now: datetime, after_start: bool = False) -> None:
    if appointment.can_be_changed(now) or (after_start and appointment.status == Status.BOOKED):
        return
    raise RuleBroken(
        _("这个预约现在不能改了（%(status)s）。要帮忙请打中心电话。") % {"status": appointment.status.label},
        code="not_changeable",
    )


def check_limits(appointment: Appointment, day: date) -> None:
    """At most so many active bookings a day for one person and for one number, over all centers."""
    start, end = of_day(day)
    that_day = _active_between(resident=appointment.resident_id, phone=appointment.phone, start=start, end=end)
    of_person = sum(resident == appointment.resident_id for resident, _phone in that_day)
    of_number = sum(phone == appointment.phone for _resident, phone in that_day)
    if of_person >= settings.BOOKING_LIMIT_PER_PERSON_AND_DAY:
        raise RuleBroken(
            _("%(name)s这一天已经约了%(number)d件事，再多怕办不过来。请换一天，或打电话给中心。")
            % {"name": appointment.resident.name, "number": settings.BOOKING_LIMIT_PER_PERSON_AND_DAY},
            code="person_limit",
        )
    if appointment.channel not in Channel.by_staff() and of_number >= settings.BOOKING_LIMIT_PER_PHONE_AND_DAY:
        raise RuleBroken(
            _("这个电话号码这一天已经约了%(number)d件事。请换一天，或打电话给中心。")
            % {"number": settings.BOOKING_LIMIT_PER_PHONE_AND_DAY},
            code="phone_limit",
        )


@Prepared
def _active_between(resident: int, phone: str, start: datetime, end: datetime):
    booked = Appointment.objects.between(start, end).active().booked_ahead()
    return booked.filter(same_person(resident, phone)).order_by().values_list("resident_id", "phone")


def _swap(appointment: Appointment, slots: list[Slot], held: dict[int, Place], now: datetime) -> None:
    """Hold the new slots and give back those no longer needed; a slot in both is neither given nor taken."""
    pool_now = next(iter(held.values())).pool if held else Place.Pool.ONLINE
    new = [slot for slot in slots if slot.pk not in held]
    # Old and new together in id order, or two people who swap their times would wait for each other.
    involved = {*held, *(slot.pk for slot in new)}
    list(Slot.objects.select_for_update().filter(pk__in=involved).order_by("pk").values_list("pk"))
    if new:
        own = [pool_now] if set(held) & {slot.pk for slot in slots} else []
        pool = capacity.claim(new, appointment.party_size, own or pools_for(Channel(appointment.channel)))
        capacity.hold(appointment, new, pool)
    kept = {slot.pk for slot in slots}
    capacity.release(appointment, now, only=[pk for pk in held if pk not in kept])
