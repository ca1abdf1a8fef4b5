"""What a page shows of a sheet's rows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from centers.models import SheetPart
from centers.sheets.kinds import Kind
from portal.ui.sheets.reading import Where

FIRST = 8


@dataclass(frozen=True)
class Preview:
    """The first rows as they were read."""

    head: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, kind: Kind, headers: list[str], part: SheetPart) -> "Preview":
        shown = [at for at, name in enumerate(headers) if name in kind.known and _is_used(part, at)]
        rows = []
        for row in part.rows[:FIRST]:
            cells = [cell if isinstance(cell, str) else cell[0] for cell in row[3:]]
            rows.append([str(Where(*row[:3])), *(cells[at] for at in shown)])
        return cls([_("行"), *(headers[at] for at in shown)], rows)


def _is_used(part: SheetPart, at: int) -> bool:
    return any(row[3 + at] for row in part.rows[:FIRST])


def lines_of(lines: list[list]) -> list[tuple[str, str]]:
    """(第 5 行, what is wrong)."""
    return [(str(Where(*line[:3])), line[3]) for line in lines]
