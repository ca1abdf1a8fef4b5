"""How people rate what was done for them (settings.FIGURES). Source: docs/domain.md, K11."""

from collections.abc import Iterator, Mapping

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from assessments.models import BAD_LEVEL, Rating
from centers.figures import Figure, Look

ENOUGH = 10


def rated(look: Look) -> dict[str, QuerySet[Rating]]:
    """By the path to the center: visits booked for the period, as served counts them, and cases closed in it.

    Apart, because each is found through an index of its own.
    """
    found = {}
    for of, at in (("appointment", "starts_at"), ("case", "closed_at")):
        within = {f"{of}__{at}__gte": look.period.start, f"{of}__{at}__lt": look.period.end}
        found[f"{of}__center"] = Rating.objects.filter(look.inside(f"{of}__center__division__code"), **within)
    return found


def bad(look: Look) -> dict[str, QuerySet[Rating]]:
    return {center: rows.filter(level__lte=BAD_LEVEL) for center, rows in rated(look).items()}


def _rows(look: Look) -> QuerySet[Rating]:
    return _together(rated(look))


def _bad_rows(look: Look) -> QuerySet[Rating]:
    return _together(bad(look))


def _together(found: dict[str, QuerySet[Rating]]) -> QuerySet[Rating]:
    visits, cases = found.values()
    either = Q(pk__in=visits.values("pk")) | Q(pk__in=cases.values("pk"))
    return Rating.objects.filter(either).for_pages().order_by("-rated_at", "-pk")


def _count(look: Look) -> Iterator[dict]:
    for center, rows in rated(look).items():
        yield from look.grouped(rows, center).annotate(ratings=Count("pk"), stars=Sum("level"))


def _say(numbers: Mapping) -> dict:
    """Too few ratings to be judged by are shown all the same."""
    number = numbers["ratings"]
    return {"average": numbers["stars"] / number if number else None, "is_thin": 0 < number < ENOUGH}


RATINGS = Figure(
    code="ratings",
    title=_("评价"),
    rows=_rows,
    table="dashboards/oversight/rows/ratings.html",
    column=_("评价"),
    count=_count,
    cell="dashboards/oversight/figures/ratings.html",
    say=_say,
    help=_("已办的每一次最多评一次，5分最好。没有评的不算，不会默认好评。不到10条写“样本不足”，不拿来比较。"),
)
BAD = Figure(code="bad", title=_("不满意的评价"), rows=_bad_rows, table="dashboards/oversight/rows/ratings.html")
