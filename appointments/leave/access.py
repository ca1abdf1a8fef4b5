"""Which leaves a user may see, and for which they may rearrange the appointments."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from centers import access, codes
from centers.models import Leave
from portal.accounts.roles import Permission


def leave_for(request: HttpRequest, pk: int) -> Leave:
    """404 unless the user may view the center's day or approves leave for it."""
    held = access.codes_where(request.user, Permission.VIEW_DAY) + access.codes_where(
        request.user, Permission.APPROVE_LEAVE
    )
    leave = Leave.objects.for_pages().filter(pk=pk).first()
    if leave is None or not any(codes.contains(code, leave.staff.center.code) for code in held):
        raise Http404("no such leave within reach")
    return leave


def leave_to_rearrange(request: HttpRequest, pk: int) -> Leave:
    leave = leave_for(request, pk)
    if not access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=leave.staff.center):
        raise PermissionDenied
    return leave
