"""Bookings as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from appointments.booking import messages
from appointments.booking.displaced import for_messages
from appointments.booking.models import Appointment
from centers.people.subjects import of_resident
from portal.notifications.subjects import Shown
from portal.ui import words


def _recent(since: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(ends_at__gt=since)


def _shown(appointment: Appointment, person: str) -> Shown:
    return Shown(
        name=words.masked_name(appointment.resident.name),
        url=reverse("desk_appointment", args=[appointment.pk]),
        what=words.moment(appointment.starts_at),
        more=f"{appointment.item} · {appointment.center.name}",
    )


SUBJECT = of_resident(
    rows=for_messages,
    recent=_recent,
    shown=_shown,
    page="booking",
    titles=messages.TITLES,
    words=messages.words,
    merged=messages.MERGED,
)
