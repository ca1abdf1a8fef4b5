"""Access control for tickets at the desk: 404 outside of the user's centers, 403 without the permission."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appointments.tickets.models import Ticket
from centers import access
from centers.doors import require
from portal.accounts.roles import Permission


def ticket_for(request: HttpRequest, pk: int, permission: Permission) -> Ticket:
    """404 for a ticket of a center that the user may not see, 403 where they may view but not do this."""
    seen = access.bounded(Ticket.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    ticket = get_object_or_404(seen, pk=pk)
    require(request, permission, ticket.center)
    return ticket
