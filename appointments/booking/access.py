"""Which bookings the person at the desk may see and touch: 404 out of sight, 403 without the right."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appointments.booking.models import Appointment
from centers import access
from centers.request_access import require
from portal.accounts.roles import Permission


def appointment_for(request: HttpRequest, pk: int, permission: Permission) -> Appointment:
    """404 for an appointment whose center the person may not see, 403 where they may look but not do this."""
    seen = access.bounded(Appointment.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    appointment = get_object_or_404(seen, pk=pk)
    require(request, permission, appointment.center)
    return appointment
