"""开通进度: how far each village is on its way to the first booking, with a fixed number of queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from appointments.booking.models import Appointment
from appointments.catalog.models import ServiceItem
from centers import access, codes
from centers.days import months
from centers.models import Center, Division, Membership, OpeningRule, Roster
from portal.accounts.models import User
from portal.accounts.roles import Permission, roles_with
from portal.dashboards.opening.steps import STEPS, Step


@dataclass(slots=True)
class Village:
    division: Division
    done: set[str] = field(default_factory=set)
    center: Center | None = None

    @property
    def missing(self) -> list[Step]:
        return [step for step in STEPS if step.code not in self.done]

    @property
    def cells(self) -> list[tuple[Step, bool]]:
        return [(step, step.code in self.done) for step in STEPS]


@dataclass(frozen=True, slots=True)
class Next:
    """The next step of a village. Without `url` it is somebody else's, who is named by the step's `by_whom`."""

    step: Step
    url: str


def reach_of(user: User) -> list[str]:
    """Codes of the divisions whose progress the user may see: officials' regions, managers' own villages."""
    seen = access.codes_where(user, Permission.VIEW_OVERSIGHT)
    return sorted({*seen, *access.codes_where(user, Permission.MANAGE_CENTER)})


def villages_in(scope: Iterable[str]) -> list[Village]:
    """All current villages within these codes, in the order of their codes. Seven queries."""
    where = Q(pk__in=[])
    for code in scope:
        where |= Q(code__range=codes.span(code))
    divisions = Division.objects.current().filter(where, level=Division.Level.VILLAGE).order_by("code")
    found = {division.pk: Village(division) for division in divisions}
    centers = {
        center.pk: center
        for center in Center.objects.standing().filter(division__in=divisions).select_related("division")
    }
    for center in centers.values():
        found[center.division_id].center = center
    village_of = {pk: center.division_id for pk, center in centers.items()}
    for code, pks in _done(found, village_of):
        for pk in pks:
            if pk in found:
                found[pk].done.add(code)
    return list(found.values())


def _done(found: dict[int, Village], village_of: dict[int, int]) -> Iterable[tuple[str, Iterable[int]]]:
    """(code of a step, primary keys of the villages that have done it)."""

    def of_centers(rows) -> Iterable[int]:
        return (
            village_of[pk] for pk in rows.order_by().values_list("center", flat=True).distinct() if pk in village_of
        )

    divisions = list(found)
    this_month = months.starts(timezone.localdate())
    at_the_desk = roles_with(Permission.MARK_ATTENDANCE)
    yield "center", village_of.values()
    yield "hours", of_centers(OpeningRule.objects.filter(center__in=village_of))
    people = Membership.objects.active().filter(division__in=divisions, role__in=at_the_desk)
    yield "people", people.order_by().values_list("division", flat=True).distinct()
    rosters = Roster.objects.filter(center__in=village_of, published_at__isnull=False, month__gte=this_month)
    yield "roster", of_centers(rosters)
    yield "items", _with_items(found.values())
    yield "booking", of_centers(Appointment.objects.filter(center__in=village_of))


def _with_items(villages: Iterable[Village]) -> Iterable[int]:
    """Whose county (or own division, or one between) offers anything."""
    offering = set(ServiceItem.objects.current().order_by().values_list("division__code", flat=True).distinct())
    for village in villages:
        code = village.division.code
        if not offering.isdisjoint([*codes.ancestors(code), code]):
            yield village.division.pk


def next_for(user: User) -> Callable[[Village], Next | None]:
    """A function that tells a village's next step; asks for the user's permissions once."""
    held = {permission: access.codes_where(user, Permission(permission)) for permission in _permissions()}

    def tell(village: Village) -> Next | None:
        code = village.division.code
        for step in village.missing:
            for permission, name, query in step.pages:
                if not permission or any(codes.contains(upper, code) for upper in held[permission]):
                    args = [code] if not query else []
                    return Next(step, reverse(name, args=args) + (query % {"code": code} if query else ""))
            return Next(step, "")
        return None

    return tell


def _permissions() -> set[str]:
    return {permission for step in STEPS for permission, _name, _query in step.pages if permission}
