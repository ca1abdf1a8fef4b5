"""Reads a notice that comes as rows, typed into the table or from a sheet. Pure.

A row is kept as a line, `2027-01-01 2027-01-03 放假 元旦`: first and last day, 放假 or 上班, and the festival if it is
named.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from centers.calendars import statutory_holidays
from centers.holidays.entries import Entry, Reading, checked
from centers.holidays.wording import FESTIVALS
from portal.ui import dates
from portal.ui.sheets import reading as sheets

FIRST, LAST, WHAT, NAME = COLUMNS = ("开始日期", "结束日期", "安排", "节日")
OFF, WORKED = "放假", "上班"
WORDS = {
    "放假": True,
    "休": True,
    "休息": True,
    "补休": True,
    "上班": False,
    "班": False,
    "调休上班": False,
    "补班": False,
}
MOST_ROWS = 40


def by_law(year: int) -> list[tuple[date, date, str, str]]:
    """Rows of a year's statutory holidays, which its notice makes longer: the cells of COLUMNS."""
    days: dict[str, list[date]] = {}
    for day, name in sorted(statutory_holidays(year).items()):
        days.setdefault(name, []).append(day)
    return [(of[0], of[-1], OFF, name) for name, of in days.items()]


def line_of(first: date, last: date, what: str, name: str) -> str:
    return f"{first.isoformat()} {last.isoformat()} {what} {name}".strip()


def read(text: str, year: int) -> Reading:
    """What the lines say; see `line_of`."""
    lines = enumerate(text.split("\n"), start=1)
    return _read([(sheets.Where(0, number), _cells(line)) for number, line in lines if line], year)


def initial_of(text: str) -> list[dict[str, str]]:
    """The lines as the table's form takes them."""
    cells = [_cells(line) for line in text.split("\n") if line][:MOST_ROWS]
    return [{"first": first, "last": last, "what": what, "name": name} for first, last, what, name in cells]


def from_sheet(data: bytes, name: str, year: int) -> tuple[str, Reading]:
    """The lines of a sheet with COLUMNS, and what they say. Raises RuleBroken for one that cannot be read."""
    sheet = sheets.read(data, name, COLUMNS, (FIRST, WHAT))
    rows = []
    for where, cells in sheet.rows:
        row = dict(zip(sheet.headers, cells, strict=True))
        if any(row.get(column) for column in (FIRST, LAST, WHAT)):
            rows.append((where, [row.get(column, "") for column in COLUMNS]))
    reading = _read(rows, year)
    reading.warnings[:0] = sheet.notes
    if reading.problems:
        return "", reading
    lines = [
        line_of(entry.first, entry.last, OFF if entry.is_off else WORKED, "、".join(entry.names))
        for entry in reading.entries
    ]
    return "\n".join(lines), reading


def _cells(line: str) -> list[str]:
    parts = line.split(" ", 3)
    return [*parts, *[""] * (4 - len(parts))]


def _read(rows: Iterable[tuple[sheets.Where, Sequence[str]]], year: int) -> Reading:
    """`rows`: where it stands, for what is wrong with it, and the cells of COLUMNS."""
    reading = Reading()
    for where, (first, last, what, name) in rows:
        start, end = dates.read(first, year), dates.read(last or first, year)
        if start is None or end is None:
            reading.problems.append(
                _("%(where)s的日期看不懂。请写成 2027-01-01 或者 1月1日 这样，没有的日子不行。") % {"where": where}
            )
        elif what not in WORDS:
            reading.problems.append(_("%(where)s没有写放假还是上班。") % {"where": where})
        else:
            reading.entries.append(Entry(WORDS[what], start, end, _names(name)))
    return checked(reading, year)


def _names(text: str) -> tuple[str, ...]:
    known = tuple(dict.fromkeys(FESTIVALS[stem] for stem in re.findall("|".join(FESTIVALS), text)))
    return known or ((text,) if text else ())
