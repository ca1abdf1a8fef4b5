"""Who may bring sheets in: whoever manages a center or its members, of what they manage; administrators everywhere."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from centers import access
from centers.importing.rules import MANAGING
from centers.models import SheetUpload
from portal.accounts.models import User


def may_bring_in(user: User) -> bool:
    is_administrator = user.is_superuser and user.is_staff
    return is_administrator or any(access.has_permission(user, permission) for permission in MANAGING)


def bringing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: 403 for everybody else."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_bring_in(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer


def own_upload(request: HttpRequest, pk: int) -> SheetUpload:
    """Raises Http404 for somebody else's: it names people."""
    return get_object_or_404(SheetUpload.objects.of(request.user), pk=pk)
