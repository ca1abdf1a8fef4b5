"""What the township reads, as querysets: a figure counts the very rows that its link lists.

What counts is said once, in `COUNTED`; figures and lists both take it from there. A number of
queries that does not depend on the number of centers.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils import timezone

from appointments.booking.models import Appointment, Channel
from appointments.slots.models import Slot
from appointments.tickets.models import Ticket
from assessments.models import Rating
from centers import codes
from centers.models import Center, Division

BAD_LEVEL = 2
ENOUGH_RATINGS = 10
SILENT_DAYS = 7
VILLAGE = 12

# Whoever walked in has booked nothing: those are counted apart, by their numbers, named or not.
_BOOKED = ~Q(channel=Channel.WALK_IN)
_HELD = _BOOKED & Q(cancelled_at__isnull=True)
COUNTED = {
    "booked": _HELD,
    "served": _HELD & Q(served_at__isnull=False),
    "missed": _HELD & Q(missed_at__isnull=False),
    "cancelled": _BOOKED & Q(cancelled_at__isnull=False),
}
# A closed time counts only if somebody had been booked into it: nobody was offered the rest.
_OFFERED = Q(closed_at__isnull=True) | Q(online_taken__gt=0) | Q(desk_taken__gt=0)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, timezone.get_current_timezone())

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, timezone.get_current_timezone())


@dataclass(slots=True)
class Line:
    """The figures of one center, or of all centers of one division."""

    code: str = ""
    name: str = ""
    centers: int = 0
    offered: int = 0
    booked: int = 0
    served: int = 0
    missed: int = 0
    cancelled: int = 0
    unmarked: int = 0
    walk_ins: int = 0
    ratings: int = 0
    stars: int = 0

    @property
    def average(self) -> float | None:
        return self.stars / self.ratings if self.ratings else None

    @property
    def is_thin(self) -> bool:
        """Too few ratings to be judged by; shown all the same."""
        return 0 < self.ratings < ENOUGH_RATINGS

    @property
    def is_village(self) -> bool:
        return bool(self.code) and codes.level_of(self.code) == 5

    def add(self, figures: dict) -> None:
        for name, number in figures.items():
            setattr(self, name, getattr(self, name) + (number or 0))


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that needs a person: `number` rows at `centers` (code, name)."""

    what: str
    number: int
    period: Period
    centers: list[tuple[str, str]] = field(default_factory=list)


def inside(scope: list[str], path: str = "center__division__code") -> Q:
    """Under any of these codes."""
    where = Q(pk__in=[])
    for code in scope:
        where |= Q(**{f"{path}__range": codes.span(code)})
    return where


def offered(scope: list[str], period: Period) -> QuerySet[Slot]:
    return Slot.objects.filter(_OFFERED, inside(scope)).between(period.start, period.end)


def places(of: QuerySet[Slot]) -> int:
    return of.order_by().aggregate(number=Sum(F("online_places") + F("desk_places")))["number"] or 0


def appointments(scope: list[str], period: Period, what: str, now: datetime | None = None) -> QuerySet[Appointment]:
    """By the time that was booked, not by when it was booked: what is counted happened in the period."""
    counted = _unmarked(now or timezone.now()) if what == "unmarked" else COUNTED[what]
    return Appointment.objects.filter(counted, inside(scope)).between(period.start, period.end)


def walk_ins(scope: list[str], period: Period) -> QuerySet[Ticket]:
    """Numbers of people who came without an appointment and were served."""
    served = Ticket.objects.of_walk_ins().filter(inside(scope), done_at__isnull=False)
    return served.filter(day__range=(period.first, period.last))


def ratings(scope: list[str], period: Period, *, bad: bool = False) -> QuerySet[Rating]:
    """Of visits booked for the period, as served counts them, and of cases closed in it (K11)."""
    visits, cases = _rated(scope, period, bad=bad).values()
    return Rating.objects.filter(Q(pk__in=visits.values("pk")) | Q(pk__in=cases.values("pk")))


def _rated(scope: list[str], period: Period, *, bad: bool = False) -> dict[str, QuerySet[Rating]]:
    """By the path to the center: each is found through an index of its own."""
    found = {}
    for of, at in (("appointment", "starts_at"), ("case", "closed_at")):
        within = {f"{of}__{at}__gte": period.start, f"{of}__{at}__lt": period.end}
        rows = Rating.objects.filter(inside(scope, f"{of}__center__division__code"), **within)
        found[f"{of}__center"] = rows.filter(level__lte=BAD_LEVEL) if bad else rows
    return found


def silent_centers(scope: list[str], now: datetime | None = None) -> QuerySet[Center]:
    """Offered places in the last seven days, and nobody was served, booked or not."""
    now = now or timezone.now()
    lately = Period(timezone.localdate(now) - timedelta(days=SILENT_DAYS - 1), timezone.localdate(now))
    had_places = Slot.objects.filter(_OFFERED, center=OuterRef("pk"), starts_at__gte=lately.start, starts_at__lt=now)
    served = Appointment.objects.filter(
        COUNTED["served"], center=OuterRef("pk"), starts_at__gte=lately.start, starts_at__lt=lately.end
    )
    centers = Center.objects.open_to_public().filter(inside(scope, "division__code"))
    walked_in = Ticket.objects.filter(
        center=OuterRef("pk"), done_at__isnull=False, day__range=(lately.first, lately.last)
    )
    centers = centers.filter(Exists(had_places), ~Exists(served), ~Exists(walked_in))
    return centers.select_related("division").order_by("division__code")


def lines(scope: list[str], period: Period, now: datetime | None = None) -> list[Line]:
    """A line for each division one level below the scope, for each center where that is the village."""
    length = group_length(scope)
    found = {}
    for code, name in Center.objects.filter(inside(scope, "division__code")).values_list("division__code", "name"):
        line = found.setdefault(code[:length], Line(code[:length].ljust(VILLAGE, "0"), name))
        line.centers += 1
    if length < VILLAGE:
        name_lines(found)
    for figures in _figures(scope, period, length, now or timezone.now()):
        found[figures.pop("group")].add(figures)
    return [found[code] for code in sorted(found)]


def total(of: list[Line]) -> Line:
    summed = Line()
    names = ("centers", "offered", *COUNTED, "unmarked", "walk_ins", "ratings", "stars")
    for line in of:
        summed.add({name: getattr(line, name) for name in names})
    return summed


def group_length(scope: list[str]) -> int:
    """How many digits of the code one line stands for: those of the level below the highest of the scope."""
    level = min((codes.level_of(code) for code in scope), default=5)
    return codes.LENGTHS[min(level, 4)]


def attention(scope: list[str], period: Period, now: datetime | None = None) -> list[Attention]:
    """What needs a person first: bad ratings, appointments left unmarked, centers without a visitor."""
    now = now or timezone.now()
    bad = _bad_by_center(scope, period)
    unmarked = _by_center(appointments(scope, period, "unmarked", now), "center")
    silent = [(code, name, 1) for code, name in silent_centers(scope, now).values_list("division__code", "name")]
    return [*_things("bad", bad, period), *_things("unmarked", unmarked, period), *_things("silent", silent, period)][
        :5
    ]


def _things(what: str, rows: list[tuple[str, str, int]], period: Period) -> list[Attention]:
    """One a center while they are few; many centers are one thing to look at, not many."""
    if len(rows) > 2:
        return [Attention(what, sum(row[2] for row in rows), period, [row[:2] for row in rows])]
    return [Attention(what, number, period, [(code, name)]) for code, name, number in rows]


def _bad_by_center(scope: list[str], period: Period) -> list[tuple[str, str, int]]:
    """Of visits and of cases together, the most first."""
    number = Counter()
    for path, rows in _rated(scope, period, bad=True).items():
        for code, name, count in _by_center(rows, path):
            number[code, name] += count
    return sorted(((code, name, count) for (code, name), count in number.items()), key=lambda row: (-row[2], row[0]))


def _by_center(rows: QuerySet, path: str) -> list[tuple[str, str, int]]:
    """(code, name, number) of each center, the most first."""
    grouped = rows.order_by().values_list(f"{path}__division__code", f"{path}__name").annotate(number=Count("pk"))
    return list(grouped.order_by("-number", f"{path}__division__code"))


def _unmarked(now: datetime) -> Q:
    """Nobody wrote down until midnight whether they came."""
    today = datetime.combine(timezone.localdate(now), time.min, timezone.get_current_timezone())
    return _HELD & Q(served_at__isnull=True, missed_at__isnull=True, starts_at__lt=today)


def _figures(scope: list[str], period: Period, length: int, now: datetime) -> Iterator[dict]:
    """Dicts of `group` and numbers; one query a source."""
    counted = COUNTED | {"unmarked": _unmarked(now)}
    visits = Appointment.objects.filter(inside(scope)).between(period.start, period.end)
    yield from _grouped(offered(scope, period), "center", length).annotate(
        offered=Sum(F("online_places") + F("desk_places"))
    )
    yield from _grouped(visits, "center", length).annotate(
        **{what: Count("pk", filter=where) for what, where in counted.items()}
    )
    yield from _grouped(walk_ins(scope, period), "center", length).annotate(walk_ins=Count("pk"))
    for path, rated in _rated(scope, period).items():
        yield from _grouped(rated, path, length).annotate(ratings=Count("pk"), stars=Sum("level"))


def _grouped(rows: QuerySet, path: str, length: int) -> QuerySet:
    return rows.order_by().annotate(group=Substr(f"{path}__division__code", 1, length)).values("group")


def name_lines(found: dict) -> None:
    """Call the lines, found by the first digits of their codes, by their divisions."""
    by_code = {line.code: line for line in found.values()}
    for code, name in Division.objects.current().filter(code__in=by_code).values_list("code", "name"):
        by_code[code].name = name
