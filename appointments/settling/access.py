"""Access to what is settled at a center: 404 outside of the user's centers, 403 without the permission."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appointments.booking.models import KeptBooking
from centers import access
from centers.models import ClosureNotice
from centers.request_access import require
from portal.accounts.roles import Permission


def kept_for(request: HttpRequest, pk: int) -> KeptBooking:
    rows = KeptBooking.objects.select_related("appointment__center__division")
    path = "appointment__center__division__code"
    kept = get_object_or_404(access.bounded(rows, path, request.user, Permission.VIEW_DAY), pk=pk)
    require(request, Permission.BOOK_FOR_OTHERS, kept.appointment.center)
    return kept


def closure_for(request: HttpRequest, pk: int) -> ClosureNotice:
    """For the center's manager and for whoever approves closures there; 404 for others."""
    rows = ClosureNotice.objects.select_related("center__division", "requested_by", "approved_by")
    path = "center__division__code"
    seen = access.bounded(rows, path, request.user, Permission.MANAGE_CENTER) | access.bounded(
        rows, path, request.user, Permission.APPROVE_CLOSURE
    )
    return get_object_or_404(seen, pk=pk)
