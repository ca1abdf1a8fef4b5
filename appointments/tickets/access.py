"""Which numbers of the day the person at the desk may see and touch: 404 out of sight, 403 without the right."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appointments.tickets.models import Ticket
from centers import access
from centers.request_access import require
from portal.accounts.roles import Permission


def ticket_for(request: HttpRequest, pk: int, permission: Permission) -> Ticket:
    """404 for a number of a center that the person may not see, 403 where they may look but not do this."""
    seen = access.bounded(Ticket.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    ticket = get_object_or_404(seen, pk=pk)
    require(request, permission, ticket.center)
    return ticket
