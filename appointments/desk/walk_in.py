"""Identifying a walk-in: an anonymous ticket gets a resident and an item, and becomes an appointment."""

from datetime import timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking import services as booking
from appointments.booking.models import Appointment, Channel
from appointments.catalog.models import ServiceItem
from appointments.tickets.models import Ticket
from centers.models import Resident
from centers.people import residents
from portal import locking
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import make_once


def identify(*, ticket: Ticket, resident: Resident, item: ServiceItem, by: User) -> Appointment:
    """Create the walk-in's appointment. It occupies no place, sends no confirmation and counts towards no limit.

    If the ticket is already closed, the appointment is served at once and the person is invited to rate. Idempotent.
    Raises RuleBroken `already_named` when the ticket belongs to somebody else, `gone`, `too_late`.
    """
    key = f"ticket:{ticket.pk}"
    return make_once(
        partial(_identify, ticket, resident, item, key, by), partial(_named_before, key, resident), drawn=booking.CODES
    )


def _identify(ticket: Ticket, resident: Resident, item: ServiceItem, key: str, by: User) -> Appointment:
    ticket = locking.locked(Ticket.objects.for_pages(), ticket.pk)
    if ticket.appointment:
        return _repeat_of(ticket.appointment, resident)
    if ticket.left_at or ticket.missed_at:
        raise RuleBroken(
            _("%(number)s号已经不在等了。人还在的话，请先放回去再登记。"), code="gone", number=ticket.number
        )
    if ticket.day != timezone.localdate():
        raise RuleBroken(_("这是以前的号，只能改当天的。"), code="too_late")
    resident = residents.in_use(resident)
    appointment = Appointment(
        center=ticket.center,
        item=item,
        resident=resident,
        starts_at=ticket.taken_at,
        ends_at=ticket.taken_at + timedelta(minutes=item.minutes),
        key=key,
        channel=Channel.WALK_IN,
        phone=resident.phone,
        booked_by=by,
        booked_at=timezone.now(),
        arrived_at=ticket.taken_at,
        served_at=ticket.done_at,
        served_by=ticket.done_by,
    )
    appointment.full_clean(validate_unique=False, validate_constraints=False)
    appointment.save(force_insert=True)
    ticket.appointment, ticket.item = appointment, item
    ticket.save(update_fields=["appointment", "item"])
    if appointment.served_at:
        notifications.plan(messages.after_serving(appointment, timezone.now()))
    return appointment


def _named_before(key: str, resident: Resident) -> Appointment | None:
    earlier = booking.find_by_key(key)
    return _repeat_of(earlier, resident) if earlier else None


def _repeat_of(earlier: Appointment, resident: Resident) -> Appointment:
    if earlier.resident_id != resident.pk:
        raise RuleBroken(_("这个号已经登记了别人。请看看名单，再给这一位另发一个号。"), code="already_named")
    return earlier
