"""Figures of centers: what officials read, each the number of the rows that its link lists (settings.FIGURES)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from centers import codes
from portal.ui.days import midnight

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: everything under these codes in these days, as it is at a moment."""

    scope: list[str]
    period: Period
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def digits(self) -> int:
        """How many digits of the code one line stands for: those of the level below the highest of the scope."""
        level = min((codes.level_of(code) for code in self.scope), default=5)
        return codes.LENGTHS[min(level, 4)]

    def inside(self, path: str = "center__division__code") -> Q:
        where = Q(pk__in=[])
        for code in self.scope:
            where |= Q(**{f"{path}__range": codes.span(code)})
        return where

    def grouped(self, rows: QuerySet, center: str = "center") -> QuerySet:
        """To be counted by `annotate`: a dict for each line, which `group` names."""
        group = Substr(f"{center}__division__code", 1, self.digits)
        return rows.order_by().annotate(group=group).values("group")


def counted(rows: QuerySet, number: int) -> tuple[str, str]:
    return _("%(number)s条") % {"number": number}, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, and how to open it. Without a `column` it has rows that something else than a column links to.

    rows     exactly what is counted, in the order of the list
    table    template of that list, given `page`, `figure` and `can_open` (whether the reader may open what it is about)
    listed   makes of a page of rows what the table shows
    measure  (rows, how many) → how much that is in words, and what is to be added
    when     where the rows are not of the period that was asked for
    count    dicts of `group` and numbers by name, of which one is `code`; figures that share one function share a query
    cell     template of the number, given `number`, `code`, `numbers` of the row, `said`, and the query of its link
    say      what follows from the numbers of a line: an average, a percentage
    help     how the number comes about; `term` where that explains more than this column
    """

    code: str
    title: Text
    rows: Callable[[Look], QuerySet]
    table: str
    listed: Callable[[Iterable, datetime], list] | None = None
    measure: Callable[[QuerySet, int], tuple[str, str]] = counted
    when: Text = ""
    column: Text = ""
    count: Callable[[Look], Iterable[dict]] | None = None
    cell: str = "dashboards/oversight/figures/number.html"
    say: Callable[[Mapping], dict] | None = None
    is_wide: bool = False
    term: Text = ""
    help: Text = ""
