"""Evidence of duty from bookings: somebody arrived or was served (settings.EVIDENCE_SOURCES)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment
from centers.duty.evidence import Proof, half_of


def arrivals(centers: list[int], start: datetime, end: datetime) -> Iterable[Proof]:
    """By the time of arrival and not the booked time: arrival shows that the desk was staffed."""
    came = Q(arrived_at__gte=start, arrived_at__lt=end)
    for center, moment in Appointment.objects.filter(came, center__in=centers).values_list("center_id", "arrived_at"):
        yield Proof(half_of(center, moment), _("群众到了"), moment)


def served(centers: list[int], start: datetime, end: datetime) -> Iterable[Proof]:
    done = Appointment.objects.filter(center__in=centers, served_at__gte=start, served_at__lt=end)
    for center, moment in done.exclude(served_at=F("arrived_at")).values_list("center_id", "served_at"):
        yield Proof(half_of(center, moment), _("办了一件事"), moment)
