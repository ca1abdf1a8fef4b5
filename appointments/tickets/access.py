"""Which numbers of the day the person at the desk may see and touch: 404 out of sight, 403 without the right."""

from django.http import HttpRequest

from appointments.tickets.models import Ticket
from centers.request_access import row_for
from portal.accounts.roles import Permission


def ticket_for(request: HttpRequest, pk: int, permission: Permission) -> Ticket:
    """404 for a number of a center that the person may not see, 403 where they may look but not do this."""
    return row_for(request, Ticket.objects.for_pages(), pk, permission)
