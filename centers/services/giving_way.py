"""A code that another division has now is that division's; one that ended without a successor gives it up.

It gets a provisional code beside: the highest that nobody ever had, as village codes run up to 599 and those of
townships too (docs/domain.md). So roles, residents and addresses of the two stay apart wherever codes are compared.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from centers import codes
from centers.models import Center, Division, FormerCode, Succession
from centers.models.division import DivisionQuerySet
from centers.services import succession
from portal.accounts.models import User

VILLAGE = Division.Level.VILLAGE


@transaction.atomic
def give_way(*, on: date, by: User | None = None) -> int:
    """After divisions were opened or got other codes; returns how many gave theirs up."""
    in_force = Division.objects.current().filter(code=OuterRef("code"))
    gave = 0
    for level in Division.Level.values:  # from the top: what is below goes along
        # Keyed ones only: a row at which nothing points may be what the one in force was called before.
        for row in _left().filter(Exists(in_force), is_keyed(), level=level).order_by("code", "pk"):
            before, ended = row.code, row.valid_to
            _recode(row, _provisional(before), on, by)
            gave += 1
            if level < VILLAGE:
                head, had = codes.prefix(row.code), len(codes.prefix(before))
                below = _left().within(before).filter(level__gt=level, valid_to__lte=ended)
                for lower in below.filter(is_keyed()).order_by("code", "pk"):
                    _recode(lower, _unused(head + lower.code[had:]), on, by)
                    gave += 1
    return gave


def is_keyed() -> Q:
    """Roles, residents, a center or anything else points at the division."""
    pointing = Q(pk__in=[])
    for relation in Division._meta.related_objects:
        if relation.related_model is not Succession:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            pointing |= Q(Exists(rows))
    return pointing


def _left() -> DivisionQuerySet:
    """Ended, and nothing goes on for them."""
    went = Succession.objects.filter(old=OuterRef("pk"), goes_on=True)
    return Division.objects.filter(~Exists(went), valid_to__isnull=False)


def _recode(row: Division, code: str, on: date, by: User | None) -> None:
    past = succession.as_it_was(row, row.valid_to or on)
    past.save()
    Succession.objects.filter(old=row).update(old=past)  # the rest of a split
    Succession.objects.create(old=past, new=row, kind=Succession.Kind.RECODED, on=on, decided_by=by)
    was, row.code = row.code, code
    row.save(update_fields=["code"])
    for center in Center.objects.filter(division=row).select_related("division"):
        succession.code_changed(center, was, on)


def _unused(code: str) -> str:
    return _provisional(code) if Division.objects.filter(code=code).exists() else code


def _provisional(code: str) -> str:
    """The highest code beside it that no division and no center ever had."""
    level = codes.level_of(code)
    start, end = (0, *codes.LENGTHS)[level - 1], codes.LENGTHS[level - 1]
    span = (code[:start].ljust(12, "0"), code[:start].ljust(12, "9"))
    had = set(Division.objects.filter(code__range=span).values_list("code", flat=True))
    had |= set(FormerCode.objects.filter(code__range=span).values_list("code", flat=True))
    taken = {one[:end] for one in had}
    for number in range(10 ** (end - start) - 1, 0, -1):
        head = f"{code[:start]}{number:0{end - start}}"
        if head not in taken:
            return head.ljust(12, "0")
    raise ValueError(f"no code is free beside {code}")
