"""Which waiting entries the person at the desk may see and touch: 404 out of sight, 403 without the right."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appointments.waiting.models import WaitingEntry
from centers import access
from centers.request_access import require
from portal.accounts.roles import Permission


def entry_for(request: HttpRequest, pk: int, permission: Permission) -> WaitingEntry:
    """404 for somebody who waits at a center out of reach, 403 where the person may look but not do this."""
    seen = access.bounded(WaitingEntry.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    entry = get_object_or_404(seen, pk=pk)
    require(request, permission, entry.center)
    return entry
