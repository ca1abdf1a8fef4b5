"""Bookings as `/metrics` shows them: counted where they are stored."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from appointments.booking import reminders
from appointments.booking.models import Appointment
from portal.metrics import Family


def families() -> Iterator[Family]:
    unplanned = reminders.lately_unplanned(timezone.now()).count()
    made = Appointment.objects.order_by().values_list("channel").annotate(number=Count("pk"))
    yield "bookings_made_total", "counter", "Bookings made.", [({"channel": channel}, n) for channel, n in made]
    yield (
        "reminders_without_row",
        "gauge",
        "Bookings whose reminder is overdue and unplanned.",
        [({}, unplanned)],
    )
