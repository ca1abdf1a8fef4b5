"""Which waiting entries the person at the desk may see and touch: 404 out of sight, 403 without the right."""

from django.http import HttpRequest

from appointments.waiting.models import WaitingEntry
from centers.request_access import row_for
from portal.accounts.roles import Permission


def entry_for(request: HttpRequest, pk: int, permission: Permission) -> WaitingEntry:
    """404 for somebody who waits at a center out of reach, 403 where the person may look but not do this."""
    return row_for(request, WaitingEntry.objects.for_pages(), pk, permission)
