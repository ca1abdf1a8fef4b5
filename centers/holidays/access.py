"""Who may type a notice in: the administrator of the portal, and the county that runs it."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from centers import access
from portal.accounts.models import User
from portal.accounts.roles import Permission


def may_enter(user: User) -> bool:
    """One calendar serves all centers, so that the role counts wherever it is held. Both need a second factor."""
    return (user.is_superuser and user.is_staff) or access.has_permission(user, Permission.ENTER_HOLIDAYS)


def entering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: 403 for everybody else."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_enter(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer
