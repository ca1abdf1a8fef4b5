"""Access control for bookings at the desk: 404 outside of the user's centers, 403 without the permission."""

from django.http import HttpRequest

from appointments.booking.models import Appointment
from centers.request_access import row_for
from portal.accounts.roles import Permission


def appointment_for(request: HttpRequest, pk: int, permission: Permission) -> Appointment:
    """404 if the user may not see its center, 403 if they may see it but do not have the permission."""
    return row_for(request, Appointment.objects.for_pages(), pk, permission)
