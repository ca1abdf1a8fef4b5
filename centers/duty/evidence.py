"""Indicator K4: was a half day staffed? From work records, never from location or photos (docs/domain.md, Duty).

A  evidence by a villager: somebody arrived or was served in that half day, or a verified 有人 report.
B  work done at the desk in that half day: a step of a case, or a ticket called and served.
C  the person's own declaration: shown, never counted.

Half days are due within the opening hours of that day, as they were in force then (CenterDay), after the month's roster
was published and once they are over. One with nobody on the roster is due too, so that leaving it empty does not
improve the rate. A verified 没人 report overrides all evidence of the half day.

settings.EVIDENCE_SOURCES names the functions that yield A and B, so that apps of higher layers add theirs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from centers.days import months
from centers.days.half_days import part_at, pieces
from centers.days.reading import days_of
from centers.days.staffing import HalfDay
from centers.models import Center, DutyShift, PresenceReport, Roster
from portal.ui.days import span

A, B, C = "A", "B", "C"


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence for one half day of a center; `source` is its description for people."""

    half: HalfDay
    source: object
    moment: datetime


Source = Callable[[list[int], datetime, datetime], Iterable[Proof]]


def half_of(center: int, moment: datetime) -> HalfDay:
    """The (center, day, part) of a moment."""
    local = timezone.localtime(moment)
    return center, local.date(), part_at(local)


def taps(centers: list[int], start: datetime, end: datetime) -> Iterable[Proof]:
    upheld = PresenceReport.objects.upheld().filter(found_somebody=True, center__in=centers, at__gte=start, at__lt=end)
    for center, day, part, moment in upheld.values_list("center_id", "date", "part", "at"):
        yield Proof((center, day, part), _("群众点了“有人”，核实过"), moment)


def sources(level: str) -> list[Source]:
    """The functions that yield evidence of a level (settings.EVIDENCE_SOURCES)."""
    return [import_string(path) for path in settings.EVIDENCE_SOURCES[level]]


@dataclass(slots=True)
class Block:
    """One half day that was due at a center, with its shifts and evidence."""

    center: int
    date: date
    part: str
    rostered: list[DutyShift] = field(default_factory=list)
    proofs: dict[str, list[Proof]] = field(default_factory=lambda: {A: [], B: []})
    absences: list[PresenceReport] = field(default_factory=list)

    @property
    def declared(self) -> list[DutyShift]:
        return [shift for shift in self.rostered if shift.declared_at]

    @property
    def is_staffed(self) -> bool:
        return bool(self.proofs[A] or self.proofs[B]) and not self.absences

    @property
    def level(self) -> str:
        """The best level of evidence: "A", "B", "C", or "" for none."""
        if self.absences:
            return ""
        return next((level for level in (A, B) if self.proofs[level]), C if self.declared else "")


@dataclass(frozen=True, slots=True)
class StaffedRate:
    """K4: `staffed` of `due` half days; `declared` are those with level C only, which do not count as staffed."""

    staffed: int = 0
    due: int = 0
    declared: int = 0

    @property
    def percent(self) -> int | None:
        return round(100 * self.staffed / self.due) if self.due else None


def blocks_of(centers: Iterable[Center], first: date, last: date, now: datetime | None = None) -> list[Block]:
    """The half days due from `first` to `last`, in order. Nine queries, whatever the number of centers and days."""
    centers, now = list(centers), now or timezone.now()
    last = min(last, timezone.localdate(now))
    if not centers or last < first:
        return []
    ids = [center.pk for center in centers]
    published = _published(ids, first, last)
    if not published:
        return []
    found: dict[HalfDay, Block] = {}
    for center, days in days_of(centers, first, last).items():
        for day, row in days.items():
            since = published.get((center, months.starts(day)))
            cut = [piece for opening in row.hours for piece in pieces(opening)]
            for part in {part for part, _piece in cut} if since else ():
                mine = [piece for own, piece in cut if own == part]
                if mine[0].starts_at >= since and mine[-1].ends_at <= now:
                    found[center, day, part] = Block(center, day, part)
    _attach(found, ids, first, last)
    return sorted(found.values(), key=lambda block: (block.center, block.date, _place(block.part)))


def figures(blocks: Iterable[Block]) -> dict[int, StaffedRate]:
    """Rates by center id."""
    found: dict[int, list[int]] = {}
    for block in blocks:
        counts = found.setdefault(block.center, [0, 0, 0])
        counts[0] += block.is_staffed
        counts[1] += 1
        counts[2] += not block.is_staffed and bool(block.declared) and not block.absences
    return {center: StaffedRate(*counts) for center, counts in found.items()}


def staffed_rates(
    centers: Iterable[Center], first: date, last: date, now: datetime | None = None
) -> dict[int, StaffedRate]:
    return figures(blocks_of(centers, first, last, now))


def _attach(found: dict[HalfDay, Block], ids: list[int], first: date, last: date) -> None:
    start, end = span(first, last)
    shifts = DutyShift.objects.published().for_pages().filter(roster__center__in=ids, kind=DutyShift.Kind.OFFICE)
    for shift in shifts.between(first, last):
        if block := found.get((shift.roster.center_id, shift.date, shift.part)):
            block.rostered.append(shift)
    for level in (A, B):
        for proof in (proof for source in sources(level) for proof in source(ids, start, end)):
            if block := found.get(proof.half):
                block.proofs[level].append(proof)
    nobody = PresenceReport.objects.upheld().filter(found_somebody=False, center__in=ids, date__range=(first, last))
    for report in nobody:
        if block := found.get((report.center_id, report.date, report.part)):
            block.absences.append(report)


def _published(ids: list[int], first: date, last: date) -> dict[tuple[int, date], datetime]:
    rosters = Roster.objects.filter(
        center__in=ids, published_at__isnull=False, month__range=(months.starts(first), last)
    )
    return {(center, month): at for center, month, at in rosters.values_list("center_id", "month", "published_at")}


def _place(part: str) -> int:
    return ("morning", "afternoon", "evening").index(part)
