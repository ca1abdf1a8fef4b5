"""A booking as a calendar file (RFC 5545), for the phone's own calendar and the family's."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from appointments.booking.displaced import is_displaced, may_come
from appointments.booking.models import Appointment
from portal.ui import words
from portal.ui.calendar_uids import calendar_uid

REMIND_BEFORE = timedelta(hours=2)


def calendar_of(appointment: Appointment) -> bytes:
    """The UID stays the same and the sequence grows, so that a second file replaces the first one's event.

    Where the center is not open for a booking it has no alarm: nothing of ours says come.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Jiamenkou//Bookings//ZH")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(appointment))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(appointment: Appointment) -> Event:
    center, zone = appointment.place, timezone.get_default_timezone()
    is_open = not is_displaced(appointment)
    event = Event()
    event.add("uid", calendar_uid("booking", appointment.key))
    # Seconds count as well: a time is closed and opened again without a trace in the booking.
    changes = appointment.move_count + bool(appointment.cancelled_at)
    event.add("sequence", changes + int((timezone.now() - appointment.booked_at).total_seconds()))
    event.add("dtstamp", timezone.now())
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add(
        "summary",
        (_("%(item)s（%(name)s）") if is_open else _("办不了，请看预约：%(item)s（%(name)s）"))
        % {"item": appointment.item, "name": words.masked_name(appointment.resident.name)},
    )
    if may_come(appointment):  # and is not visited at home, say
        event.add("location", " ".join(filter(None, [center.name, center.address])))
    event.add("description", _description(appointment))
    event.add("url", settings.SITE_URL + reverse("booking", args=[appointment.link]))
    event.add("status", "CANCELLED" if appointment.cancelled_at else "CONFIRMED" if is_open else "TENTATIVE")
    if may_come(appointment) and not appointment.cancelled_at:
        event.add_component(_alarm(appointment))
    return event


def _description(appointment: Appointment) -> str:
    lines = [_("预约码：%(code)s") % {"code": words.code(appointment.code)}]
    if appointment.item.materials:
        lines.append(_("要带：%(things)s") % {"things": _("、").join(appointment.item.materials)})
    if appointment.place.phone:
        lines.append(_("来不了请打：%(phone)s") % {"phone": words.phone(appointment.place.phone)})
    return "\n".join(lines)


def _alarm(appointment: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND_BEFORE)
    alarm.add("description", str(appointment.item))
    return alarm
