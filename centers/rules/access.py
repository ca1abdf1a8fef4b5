"""Who may change the rules of which division: the county and the township where they hold the right, the system
administrator everywhere and for the whole installation."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from centers import access
from centers.models import Division
from centers.rules.declared import Rule, SetBy
from portal.accounts.models import User
from portal.accounts.roles import Permission

LOWEST = {SetBy.TOWNSHIP: Division.Level.TOWNSHIP, SetBy.COUNTY: Division.Level.COUNTY, SetBy.SITE: 0}


def is_administrator(user: User) -> bool:
    return user.is_superuser and user.is_staff


def place_of(request: HttpRequest) -> Division | None:
    """The division of `?at=`, else the first at which the user may set rules; None is the whole installation.

    Raises PermissionDenied without the permission, Http404 for a division that is not theirs or has no rules.
    """
    held = access.codes_where(request.user, Permission.SET_RULES)
    everywhere = is_administrator(request.user)
    if not held and not everywhere:
        raise PermissionDenied
    code = request.GET.get("at") or (held[0] if held else "")
    if not code:
        return None
    found = Division.objects.current().filter(code=code, level__lte=Division.Level.TOWNSHIP).first()
    if found is None or not (everywhere or access.has_permission(request.user, Permission.SET_RULES, at=found)):
        raise Http404("no such division within reach")
    return found


def may_set(rule: Rule, place: Division | None) -> bool:
    """Whether a division of this level may have a value of its own."""
    return place is None or place.level <= LOWEST[rule.set_by]


def others(user: User, place: Division | None) -> list[Division]:
    """Where else the user may set rules: below the place, down to townships; for the administrator the counties."""
    current = Division.objects.current().order_by("code")
    if place is None:
        return list(current.filter(level=Division.Level.COUNTY)[:MOST])
    above = access.codes_where(user, Permission.SET_RULES)
    below = current.within(place.code).filter(level__gt=place.level, level__lte=Division.Level.TOWNSHIP)
    mine = [code for code in above if code != place.code]
    return [*current.filter(code__in=mine, level__lte=Division.Level.TOWNSHIP), *below.exclude(code__in=mine)[:MOST]]


MOST = 300
