"""Opening hours by default, and one week for many centers."""

from collections.abc import Collection, Iterable

from django.db import transaction

from centers import codes
from centers.days.following import together
from centers.days.keeping import keep, lock
from centers.models import Center, DefaultHours, Division, OpeningRule
from portal.accounts.models import User
from portal.ui.errors import Changed


def nearest(divisions: Iterable[Division]) -> dict[int, DefaultHours]:
    """The stored default of each division by its primary key: its own, else of the nearest above. One query.

    Where none is stored above, it is missing.
    """
    divisions = list(divisions)
    wanted = {code for division in divisions for code in [*codes.ancestors(division.code), division.code]}
    stored = DefaultHours.objects.filter(division__code__in=wanted, division__valid_to=None).select_related("division")
    by_code = {row.division.code: row for row in stored}
    found = {}
    for division in divisions:
        line = [division.code, *reversed(codes.ancestors(division.code))]
        if row := next((by_code[code] for code in line if code in by_code), None):
            found[division.pk] = row
    return found


def of_division(division: Division) -> DefaultHours:
    """What its new centers get: stored, or our default, unsaved."""
    return nearest([division]).get(division.pk) or DefaultHours()


@transaction.atomic
def save(*, division: Division, hours: DefaultHours, seen: str, by: User | None) -> DefaultHours:
    """Store the division's own default. `seen`: what was stored when the form was made. Raises Changed."""
    stored = DefaultHours.objects.filter(division=division).first()
    if version(stored) != seen:
        raise Changed(hours=hours)
    hours.pk = stored.pk if stored else None
    hours.division, hours.changed_by = division, by
    hours.full_clean()
    hours.save()
    return hours


def version(stored: DefaultHours | None) -> str:
    return str(stored.changed_at.timestamp()) if stored and stored.pk else ""


def give(pk: int) -> None:
    """A new center that has no hours gets the stored default of its division, if there is one. Idempotent."""
    with transaction.atomic():
        for center in lock(Center.objects.filter(pk=pk, leads_to=None)):
            default = nearest([center.division]).get(center.division_id)
            if default and not OpeningRule.objects.filter(center=center).exists():
                OpeningRule.objects.bulk_create(default.rules_of(center))
                keep([center])


@transaction.atomic
def replace(*, centers: Collection[Center], hours: DefaultHours) -> int:
    """Give all these centers this week in place of theirs, seasons included; returns how many. Idempotent.

    Slots follow in the same transaction; `hours` is not stored.
    """
    with together():
        present = lock(centers)
        OpeningRule.objects.filter(center__in=present).delete()
        for center in present:
            for rule in hours.rules_of(center):
                rule.save(force_insert=True)
    return len(present)
