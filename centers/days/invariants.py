"""Invariants of the days of centers (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from centers.days.computing import facts_of
from centers.days.models import FACTS
from centers.models import Center, CenterDay, OpeningRule

AT_ONCE = 100


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "A day ahead is stored as it would be computed anew.", _other_than_computed(now)
    yield "A center with opening hours has a row for today.", _without_today(now)


def _other_than_computed(now: datetime) -> QuerySet:
    """Stale rows are left out: it is known that they are to be computed anew."""
    today, wrong = timezone.localdate(now), []
    pks = list(Center.objects.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(pks), AT_ONCE):
        rows = list(CenterDay.objects.filter(center__in=pks[at : at + AT_ONCE], date__gte=today, is_stale=False))
        if not rows:
            continue
        centers = Center.objects.filter(pk__in={row.center_id for row in rows})
        facts = facts_of(centers, today, max(row.date for row in rows))
        wrong += [
            row.pk for row in rows if facts[row.center_id, row.date] != {name: getattr(row, name) for name in FACTS}
        ]
    return CenterDay.objects.filter(pk__in=wrong)


def _without_today(now: datetime) -> QuerySet:
    """`manage.py dispatch` makes the rows of new centers and days (job `roll-days-on`)."""
    today = CenterDay.objects.filter(center=OuterRef("pk"), date=timezone.localdate(now))
    has_hours = OpeningRule.objects.filter(center=OuterRef("pk"))
    return Center.objects.open_to_public().filter(Exists(has_hours), ~Exists(today))
