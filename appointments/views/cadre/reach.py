"""What of a center's work the person at the desk may see and touch."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from appointments.booking.models import Appointment
from appointments.tickets.models import Ticket
from appointments.waiting.models import WaitingEntry
from centers import access, codes
from centers.models import Center, Resident
from portal.accounts.roles import Permission


def center_for(request: HttpRequest, permission: Permission) -> Center:
    """The center that ?center= names, or the person's first. 403 without the right anywhere, 404 out of reach."""
    if not access.reach(request.user, permission):
        raise PermissionDenied
    asked = request.GET.get("center", "")
    if asked and not codes.is_code(asked):
        raise Http404("not a division code")
    return access.own_center(request.user, permission, asked or None)


def appointment_for(request: HttpRequest, pk: int, permission: Permission) -> Appointment:
    """404 for an appointment whose center the person may not see, 403 where they may look but not do this."""
    seen = access.bounded(Appointment.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    appointment = get_object_or_404(seen, pk=pk)
    require(request, permission, appointment.center)
    return appointment


def ticket_for(request: HttpRequest, pk: int, permission: Permission) -> Ticket:
    """The same for a number of the day."""
    seen = access.bounded(Ticket.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    ticket = get_object_or_404(seen, pk=pk)
    require(request, permission, ticket.center)
    return ticket


def entry_for(request: HttpRequest, pk: int, permission: Permission) -> WaitingEntry:
    """404 for somebody who waits at a center out of reach, 403 where the person may look but not do this."""
    seen = access.bounded(WaitingEntry.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    entry = get_object_or_404(seen, pk=pk)
    require(request, permission, entry.center)
    return entry


def require(request: HttpRequest, permission: Permission, center: Center) -> None:
    if not access.has_permission(request.user, permission, at=center):
        raise PermissionDenied


def resident_for(
    request: HttpRequest, pk: int, permission: Permission = Permission.BOOK_FOR_OTHERS
) -> tuple[Center, Resident]:
    """Somebody whom the person may book for or carry a case for, and the center of their village."""
    if not access.reach(request.user, permission):
        raise PermissionDenied
    centers = access.centers_for(request.user, permission)
    resident = get_object_or_404(Resident, pk=pk, division__in=centers.values("division"))
    return centers.get(division=resident.division_id), resident
