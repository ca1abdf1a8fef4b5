"""Tables of figures, one line for each center or division, with a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from centers import codes
from centers.figures import Figure, Look
from centers.models import Center, Division

VILLAGE = 12  # digits of a village's code, the lowest level


@dataclass(frozen=True, slots=True)
class Cell:
    figure: Figure
    number: Any
    said: dict


@dataclass(slots=True)
class Line:
    """The numbers of one center, or of all centers of one division, by the figure's code."""

    columns: list[Figure]
    code: str = ""
    name: str = ""
    centers: int = 0
    numbers: dict[str, Any] = field(default_factory=lambda: defaultdict(int))

    @property
    def is_village(self) -> bool:
        return bool(self.code) and codes.level_of(self.code) == 5

    @property
    def cells(self) -> list[Cell]:
        return [
            Cell(figure, self.numbers[figure.code], figure.say(self.numbers) if figure.say else {})
            for figure in self.columns
        ]

    def add(self, numbers: dict) -> None:
        """Adds numbers, and concatenates lists, from which Figure.say computes a result at the end (a median)."""
        for name, number in numbers.items():
            self.numbers[name] = self.numbers[name] + number if name in self.numbers else number


def lines_of(figures: list[Figure], look: Look) -> list[Line]:
    """A line for each division one level below the scope; if that level is the village, for each center."""
    found: dict[str, Line] = {}
    centers = Center.objects.standing().filter(look.inside("division__code"))
    for code, name in centers.values_list("division__code", "name"):
        group = code[: look.digits]
        line = found.setdefault(group, Line(columns(figures), group.ljust(VILLAGE, "0"), name))
        line.centers += 1
    if look.digits < VILLAGE:
        _name(found)
    for count in dict.fromkeys(figure.count for figure in figures if figure.count):
        for numbers in count(look):
            found[numbers.pop("group")].add(numbers)
    return [found[code] for code in sorted(found)]


def total(figures: list[Figure], of: list[Line]) -> Line:
    summed = Line(columns(figures))
    for line in of:
        summed.centers += line.centers
        summed.add(line.numbers)
    return summed


def columns(figures: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.column]


def _name(found: dict[str, Line]) -> None:
    """Name the lines after their divisions."""
    by_code = {line.code: line for line in found.values()}
    for code, name in Division.objects.current().filter(code__in=by_code).values_list("code", "name"):
        by_code[code].name = name
