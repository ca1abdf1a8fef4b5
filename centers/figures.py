"""Figures: the statistics of centers that officials see. Each is the number of rows that its link lists."""

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
    """A range of days, including both ends. `start` and `end` are midnights: `start <= moment < end`."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        return midnight(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Look:
    """The query of a figure: the division codes (with everything below them), the days, and the current moment."""

    scope: list[str]
    period: Period
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def digits(self) -> int:
        """The length of the code prefix by which rows are grouped: one level below the highest of the scope."""
        level = min((codes.level_of(code) for code in self.scope), default=5)
        return codes.LENGTHS[min(level, 4)]

    def inside(self, path: str = "center__division__code") -> Q:
        """Condition for rows within the scope; `path` leads from a row to its division code."""
        where = Q(pk__in=[])
        for code in self.scope:
            where |= Q(**{f"{path}__range": codes.span(code)})
        return where

    def grouped(self, rows: QuerySet, center: str = "center") -> QuerySet:
        """GROUP BY code prefix: dicts with `group`, the prefix; add counts by `annotate`. `center` is a field path."""
        group = Substr(f"{center}__division__code", 1, self.digits)
        return rows.order_by().annotate(group=group).values("group")


def counted(rows: QuerySet, number: int) -> tuple[str, str]:
    """The default of Figure.measure."""
    return _("%(number)s条") % {"number": number}, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, and the list of rows behind it. Without a `column` there is only the list, which another page links to.

    code     identifies it in URLs; key of its number in the dicts of `count`
    rows     exactly the rows that are counted, in the order of the list
    table    template of the list; context: `page`, `figure`, `can_open` (whether the user may open a row's page)
    listed   converts a page of rows to what `table` shows
    measure  (rows, their number) → heading of the list, and an addition to it
    when     text, if the rows are from another period than the one asked for
    count    dicts of `group` (code prefix) and numbers by figure code; figures with the same function share its query
    cell     template of the number; context: `number`, `code`, `numbers` of its line, `said`, the link's query string
    say      computes `said` from the numbers of a line, such as a median or a percentage
    help     explains the number; `term` is its heading if it explains more than this column
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
