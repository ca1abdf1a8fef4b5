"""How much one person, and one number, may book in a day; and who is refused before anything is locked."""

import hashlib
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Channel, same_person
from appointments.catalog.models import ServiceItem
from appointments.slots.capacity import SlotFull
from appointments.slots.grid import steps_for
from appointments.slots.models import Slot, SlotGap
from centers.models import Resident
from centers.rules.reading import value
from portal import metrics
from portal.executing import run
from portal.prepared import Prepared
from portal.ui.days import of_day
from portal.ui.errors import RuleBroken


def lock_people(resident: Resident, phone: str) -> None:
    """Advisory locks until the commit: one booking at a time for each person and phone number, over all centers.

    Not row locks, because a resident who was created in a concurrent open transaction has no visible row to lock.
    SQLite needs none, since its write transactions are serialized.
    """
    if connection.vendor != "postgresql":
        return
    names = {f"resident:{resident.pk}", f"phone:{phone}"} if phone else {f"resident:{resident.pk}"}
    keys = sorted(map(_lock_number, names))
    run(f"SELECT {', '.join(['pg_advisory_xact_lock(%s)'] * len(keys))}", keys)


def _lock_number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def check_limits(appointment: Appointment, day: date, center: int) -> None:
    """Limits active bookings per day, over all centers: for one person, and for one phone number unless staff book.

    How many is the rule of the center that is booked. Raises RuleBroken `person_limit`, `phone_limit`. Call
    `lock_people` first.
    """
    most_of_person = value("BOOKING_LIMIT_PER_PERSON_AND_DAY", center)
    most_of_number = value("BOOKING_LIMIT_PER_PHONE_AND_DAY", center)
    start, end = of_day(day)
    that_day = _active_between(resident=appointment.resident_id, phone=appointment.phone, start=start, end=end)
    of_person = sum(resident == appointment.resident_id for resident, _phone in that_day)
    of_number = sum(phone == appointment.phone for _resident, phone in that_day)
    if of_person >= most_of_person:
        raise RuleBroken(
            _("%(name)s这一天已经约了%(number)d件事，再多怕办不过来。请换一天，或打电话给中心。")
            % {"name": appointment.resident.name, "number": most_of_person},
            code="person_limit",
        )
    if appointment.channel not in Channel.by_staff() and of_number >= most_of_number:
        raise RuleBroken(
            _("这个电话号码这一天已经约了%(number)d件事。请换一天，或打电话给中心。") % {"number": most_of_number},
            code="phone_limit",
        )


@Prepared
def _active_between(resident: int, phone: str, start: datetime, end: datetime):
    booked = Appointment.objects.between(start, end).active().booked_ahead()
    return booked.filter(same_person(resident, phone)).order_by().values_list("resident_id", "phone")


def refuse_at_once(slot: Slot, item: ServiceItem, *, size: int, key: str) -> None:
    """When a place is gone, a hundred who come for it online need not be counted, write or wait for a lock.

    `slot` as it was just read. Whoever is to be told something else of this time (the same key again, closed, late,
    nobody for the item, an item of several steps) is not refused here but by the booking itself. What is known of a
    person or a number makes no difference: it would be told to anybody, uncounted. Raises SlotFull.
    """
    is_late = slot.starts_at < timezone.now() + timedelta(minutes=value("BOOKING_LEAD_MINUTES", slot.center_id))
    if slot.online_places - slot.online_taken >= size or slot.closed_at or is_late or steps_for(item.minutes) > 1:
        return
    if not is_used(key=key) and not _is_unstaffed(slot=slot.pk, item=item.code):
        metrics.refused("slot_full")
        raise SlotFull


@Prepared
def _is_unstaffed(slot: int, item: str):
    return SlotGap.objects.filter(slot=slot, item_code=item).values_list("pk")


@Prepared
def is_used(key: str):
    """Whether a booking has the idempotency key: the row's id, if so."""
    return Appointment.objects.filter(key=key).order_by().values_list("pk")
