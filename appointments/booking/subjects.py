"""Bookings as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from appointments.booking.models import Appointment
from centers.people.messages import residents_of
from portal.accounts.roles import Permission
from portal.notifications.subjects import Shown, Subject
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


def _links(pks: set[int], people: set[str]) -> dict[int, str]:
    rows = Appointment.objects.filter(pk__in=pks, resident__in=residents_of(people))
    return {pk: reverse("booking", args=[link]) for pk, link in rows.values_list("pk", "link")}


SUBJECT = Subject(
    rows=Appointment.objects.for_pages,
    recent=_recent,
    division="center__division__code",
    seen_by=Permission.VIEW_DAY,
    handled_by=Permission.MARK_ATTENDANCE,
    shown=_shown,
    links=_links,
)
