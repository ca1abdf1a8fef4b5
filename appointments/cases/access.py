"""Which cases somebody may see, and at which level they act on them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from appointments.cases.models import Case, Level
from centers import access
from centers.request_access import seen_row
from portal.accounts.models import User
from portal.accounts.roles import Permission


def case_for(request: HttpRequest, pk: int) -> Case:
    """404 for a case whose center the person may not see."""
    return seen_row(request, Case.objects.for_pages().select_related("backup", "appointment", "notice_by"), pk)


def levels_of(user: User, case: Case) -> set[str]:
    """The levels at which the person acts on this case: at the center's desk, at its township, or nowhere."""
    rights = {Level.VILLAGE: Permission.HANDLE_CASES, Level.TOWNSHIP: Permission.HANDLE_TOWNSHIP_CASES}
    held = {level for level, right in rights.items() if access.has_permission(user, right, at=case.center)}
    return {str(level) for level in held}


def require_any(request: HttpRequest, case: Case) -> set[str]:
    levels = levels_of(request.user, case)
    if not levels:
        raise PermissionDenied
    return levels


def may_see_names(user: User, case: Case, levels: set[str]) -> bool:
    """The desk, and an official while the case is in their hands: for that they need the name and the number."""
    if access.has_permission(user, Permission.VIEW_CONTACTS, at=case.center):
        return True
    return bool(case.stage and case.stage.keeper == Level.TOWNSHIP and Level.TOWNSHIP in levels)
