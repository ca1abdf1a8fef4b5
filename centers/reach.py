"""How far somebody reaches in the data care pages: by the divisions of the roles they hold."""

from django.db import models
from django.db.models import Q

from centers import codes
from centers.access import memberships_of
from portal.accounts.models import User


def codes_of(user: User) -> list[str] | None:
    """Codes of the divisions, or None for the system's administrators, who reach everything."""
    if user.is_superuser:
        return None
    return [held.division.code for held in memberships_of(user)]


def within_reach(queryset: models.QuerySet, path: str, user: User) -> models.QuerySet:
    """The rows whose division code, found at `path`, the user reaches."""
    reached = codes_of(user)
    if reached is None:
        return queryset
    where = Q(pk__in=[])
    for code in reached:
        where |= Q(**{f"{path}__range": codes.span(code)})
    return queryset.filter(where)
