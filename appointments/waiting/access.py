"""Access control for waiting entries at the desk: 404 outside of the user's centers, 403 without the permission."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from appointments.waiting.models import WaitingEntry
from centers import access
from centers.doors import require
from portal.accounts.roles import Permission


def entry_for(request: HttpRequest, pk: int, permission: Permission) -> WaitingEntry:
    """404 for an entry at a center that the user may not see, 403 where they may view but not do this."""
    seen = access.bounded(WaitingEntry.objects.for_pages(), "center__division__code", request.user, Permission.VIEW_DAY)
    entry = get_object_or_404(seen, pk=pk)
    require(request, permission, entry.center)
    return entry
