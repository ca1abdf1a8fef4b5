"""Which bookings the person at the desk may see and touch: 404 out of sight, 403 without the right."""

from django.http import HttpRequest

from appointments.booking.models import Appointment
from centers.request_access import row_for
from portal.accounts.roles import Permission


def appointment_for(request: HttpRequest, pk: int, permission: Permission) -> Appointment:
    """404 for an appointment whose center the person may not see, 403 where they may look but not do this."""
    return row_for(request, Appointment.objects.for_pages(), pk, permission)
