"""Book, move, cancel: each is one transaction and idempotent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking.displaced import is_displaced, is_offered
from appointments.booking.limits import check_limits, is_used, lock_people
from appointments.booking.models import Appointment, Channel, Status, new_code
from appointments.booking.repeated import person_key
from appointments.catalog.models import ServiceItem
from appointments.slots import capacity, unstaffed
from appointments.slots.grid import steps_for
from appointments.slots.models import Place, Slot
from centers.models import Center, FamilyLink, Resident
from centers.people import residents
from centers.rules.reading import value
from portal import locking, metrics
from portal.accounts.audit_log import log_creation, log_creations_together
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.prepared import PreparedInsert
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import KeyReused, make_once

# Unique constraint of the codes that are drawn at random.
CODES = "an_appointment_code_is_used_once_in_a_center"
# Only the fields of the form are validated (clean_fields); the others come from the database or this module and are
# guarded by constraints. Validating a foreign key would cost a query.
_FROM_FORM = {"party_size", "key", "channel", "phone", "contact_name", "relation", "note"}
_NOT_FROM_FORM = {field.name for field in Appointment._meta.fields} - _FROM_FORM


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
    claim: Callable[[list[Slot]], str] | None = None,
) -> Appointment:
    """Book `item` for `resident` from `slot` on. Idempotent by `key`, the form's idempotency key.

    `resident` may be a function that finds or creates the person, called in the same transaction, so that a refused
    booking leaves no new resident behind.

    `claim` replaces capacity.claim when the places are held for an offer: it gets the slots and returns the pool.

    The same key again returns the first booking with `is_repeat`. Raises SlotFull, RuleBroken `slot_gone`,
    `slot_too_soon`, `nobody_for_item`, `already_booked`, `person_limit`, `phone_limit`, `key_reused`.
    """
    now = timezone.now()
    appointment = Appointment(
        center=slot.center,
        item=item,
        code="",  # `_book` draws one at each attempt
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
            partial(_book, appointment, resident, slot, item, now, claim),
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
    claim: Callable[[list[Slot]], str] | None,
) -> Appointment:
    appointment.resident = residents.in_use(resident)
    appointment.phone = appointment.phone or appointment.resident.phone
    # 1. Lock person and phone before counting: the limits would otherwise have a race condition.
    lock_people(appointment.resident, appointment.phone)
    channel = Channel(appointment.channel)
    # capacity.claim checks the staffing in its UPDATE; other claims do not.
    slots = (staffed_slots_from if claim else slots_from)(slot, item, now, channel)
    check_limits(appointment, timezone.localdate(slot.starts_at), slot.center_id)
    # 2. Claim as late as possible: the UPDATE locks the slot's row until the commit.
    pool = claim(slots) if claim else capacity.claim(slots, appointment.party_size, pools_for(channel), item.code)
    appointment.code, appointment.ends_at = new_code(), slots[-1].ends_at
    appointment.clean_fields(exclude=_NOT_FROM_FORM)
    _insert([appointment])
    log_creation(appointment)
    capacity.occupy(appointment, slots, pool)
    # 3. Transactional outbox: messages are stored in the same transaction as the booking.
    notifications.plan(messages.after_booking(appointment, now))
    return appointment


_insert = PreparedInsert(Appointment)


def find_by_key(key: str) -> Appointment | None:
    return Appointment.objects.for_pages().filter(key=key).first() if is_used(key=key) else None


def move(*, appointment: Appointment, slot: Slot, by: User | None = None) -> Appointment:
    """Move in one transaction: the old places are released only after the new ones are claimed.

    Raises SlotFull, RuleBroken (`not_changeable`, `other_center`, `item_gone`, `slot_gone`, `slot_too_soon`,
    `nobody_for_item`, and the limits of the new day); the rollback then keeps the old time.
    """
    if slot.center_id not in (appointment.center_id, appointment.center.leads_to_id):
        raise RuleBroken(_("改时间只能在同一个中心。去别的中心请另约一次。"), code="other_center")
    with transaction.atomic():
        appointment, now = Appointment.objects.locked(appointment.pk), timezone.now()
        stays = (slot.center_id, slot.starts_at) == (appointment.center_id, appointment.starts_at)
        if stays and not appointment.cancelled_at:
            if not is_displaced(appointment):
                return appointment
            _check_offered(appointment)
            raise RuleBroken(_("这就是原来的时间，现在办不了。请选别的时间。"), code="slot_gone")
        _check_changeable(appointment, now)
        _check_offered(appointment)
        appointment.kept.all().delete()  # that was for the old time
        slots = staffed_slots_from(slot, appointment.item, now, Channel(appointment.channel))
        if (day := timezone.localdate(slot.starts_at)) != timezone.localdate(appointment.starts_at):
            lock_people(appointment.resident, appointment.phone)
            check_limits(appointment, day, slot.center_id)
        occupied = {place.slot_id: place for place in appointment.places.filter(released_at__isnull=True)}
        _swap(appointment, slots, occupied, now)
        appointment.starts_at, appointment.ends_at = slots[0].starts_at, slots[-1].ends_at
        if slot.center_id != appointment.center_id:
            _go_along(appointment, slot.center)
        appointment.move_count += 1
        appointment.moved_at = now
        # A confirmation applies only to the time it was given for.
        appointment.confirmed_at = appointment.confirmed_by = None
        appointment.save(
            update_fields=[
                "center",
                "code",
                "starts_at",
                "ends_at",
                "move_count",
                "moved_at",
                "confirmed_at",
                "confirmed_by",
            ]
        )
        notifications.cancel(messages.subject_of(appointment), messages.AHEAD)
        notifications.plan(messages.after_moving(appointment, now))
    return appointment


def _go_along(appointment: Appointment, center: Center) -> None:
    """To the center into which its own was merged; with another code where one there has the same."""
    appointment.center = center
    while Appointment.objects.filter(center=center, code=appointment.code).exclude(pk=appointment.pk).exists():
        appointment.code = new_code()


def cancel(
    *, appointment: Appointment, by_center: bool = False, reason: str = "", by: User | None = None
) -> Appointment:
    """Cancel and release the places; the row stays (soft delete). Idempotent.

    `by_center` tells who wanted it, `by` who typed it: staff also cancel for a caller.
    After the cutoff a villager's cancellation counts as late. Raises RuleBroken `not_changeable`.
    """
    with transaction.atomic():
        appointment, now = Appointment.objects.locked(appointment.pk), timezone.now()
        if appointment.cancelled_at:
            return appointment
        _check_changeable(appointment, now, after_start=by_center)
        late = not by_center and appointment.is_past_cutoff(now)
        # Whose time the center has closed is not late.
        appointment.is_late_cancellation = late and not is_displaced(appointment)
        appointment.cancelled_at = now
        appointment.cancelled_by = "center" if by_center else "villager"
        appointment.cancel_typed_by = by
        appointment.cancel_reason = reason
        appointment.save(
            update_fields=["cancelled_at", "cancelled_by", "cancel_typed_by", "cancel_reason", "is_late_cancellation"]
        )
        capacity.release(appointment, now)
        notifications.cancel(messages.subject_of(appointment), messages.AHEAD)
        notifications.plan(messages.after_cancelling(appointment, now))
    return appointment


def pools_for(channel: Channel) -> list[str]:
    """Staff use the online pool first, also for callers; the desk's pool is a reserve for when it is full."""
    online, desk = Place.Pool.ONLINE, Place.Pool.DESK
    return [online, desk] if channel in Channel.by_staff() else [online]


def staffed_slots_from(slot: Slot, item: ServiceItem, now: datetime, channel: Channel) -> list[Slot]:
    """`slots_from`, and staffed for the item. Raises RuleBroken `nobody_for_item` too."""
    slots = slots_from(slot, item, now, channel)
    unstaffed.check(slots, item.code)
    return slots


def slots_from(slot: Slot, item: ServiceItem, now: datetime, channel: Channel) -> list[Slot]:
    """The consecutive slots that the item needs from `slot` on. Staff may book until `slot` ends.

    Raises RuleBroken `slot_gone`, `slot_too_soon`, `slot_too_far`.
    """
    steps, horizon = steps_for(item.minutes), value("BOOKING_HORIZON_DAYS", slot.center_id)  # half hours, days
    slots = [slot]
    if steps > 1:
        following = Slot.objects.open().filter(center_id=slot.center_id, starts_at__gt=slot.starts_at)
        slots += following.order_by("starts_at")[: steps - 1]
    if len(slots) < steps or any(before.ends_at != after.starts_at for before, after in pairwise(slots)):
        raise RuleBroken(_("从这个时间开始，剩下的时间不够办这件事。请选早一点的时间。"), code="slot_gone")
    if slot.closed_at is not None:
        raise RuleBroken(_("中心这个时间不开放了。您填的内容还在，请另选一个时间。"), code="slot_gone")
    if timezone.localdate(slot.starts_at) > timezone.localdate(now) + timedelta(days=horizon):
        raise RuleBroken(
            _("现在最远能约%(days)s天以后的。请选早一点的日子，或者过几天再来约。"), code="slot_too_far", days=horizon
        )
    lead = timedelta(minutes=0 if channel in Channel.by_staff() else value("BOOKING_LEAD_MINUTES", slot.center_id))
    latest = slot.ends_at if channel in Channel.by_staff() else slot.starts_at
    if latest < now + lead:
        raise RuleBroken(_("这个时间已经过了或马上就到，来不及约了。请另选一个时间。"), code="slot_too_soon")
    return slots


def _made_before(attempt: Appointment) -> Appointment | None:
    """The earlier booking with the same idempotency key. Raises KeyReused if it is about another person or item."""
    earlier = find_by_key(attempt.key)
    if earlier is None:
        return None
    # The time is not compared: the booking may have been moved since. Without a resident, `resident()` has raised.
    if attempt.resident_id is None or _identity(earlier) != _identity(attempt):
        raise KeyReused
    earlier.is_repeat = True
    return earlier


def _identity(appointment: Appointment) -> tuple:
    return appointment.center_id, appointment.item.code, person_key(appointment.resident)


def _check_offered(appointment: Appointment) -> None:
    if not is_offered(appointment):
        sentence = _("这里不再办这件事，改了时间也办不成。请取消，或者打中心电话问问去哪里办。")
        raise RuleBroken(sentence, code="item_gone")


def _check_changeable(appointment: Appointment, now: datetime, after_start: bool = False) -> None:
    """Raises RuleBroken `not_changeable`. With `after_start`, a booking whose time has begun may still be changed."""
    if appointment.can_be_changed(now) or (after_start and appointment.status == Status.BOOKED):
        return
    raise RuleBroken(
        _("这个预约现在不能改了（%(status)s）。要帮忙请打中心电话。") % {"status": appointment.status.label},
        code="not_changeable",
    )


def _swap(appointment: Appointment, slots: list[Slot], occupied: dict[int, Place], now: datetime) -> None:
    """Claim the new slots, then release those no longer needed; slots in both are left alone."""
    new = [slot for slot in slots if slot.pk not in occupied]
    # Lock old and new slots together in id order: two people who take each other's time would otherwise deadlock.
    involved = {*occupied, *(slot.pk for slot in new)}
    locking.lock(Slot, involved)
    if new:
        # All places of an appointment are in one pool: that of the slots that stay, if any.
        staying = [place.pool for pk, place in occupied.items() if pk in {slot.pk for slot in slots}]
        pools = staying[:1] or pools_for(Channel(appointment.channel))
        pool = capacity.claim(new, appointment.party_size, pools)
        capacity.occupy(appointment, new, pool)
    still_needed = {slot.pk for slot in slots}
    capacity.release(appointment, now, only=[pk for pk in occupied if pk not in still_needed])
