"""Bookings as `/metrics` shows them: counted where they are stored."""

from collections.abc import Iterator

from django.db.models import Count

from appointments.booking.models import Appointment
from portal.metrics import Family


def families() -> Iterator[Family]:
    made = Appointment.objects.order_by().values_list("channel").annotate(number=Count("pk"))
    yield "bookings_made_total", "counter", "Bookings made.", [({"channel": channel}, n) for channel, n in made]
