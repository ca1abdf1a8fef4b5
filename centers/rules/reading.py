"""The value of a rule at a place and on a day, without a query: each process keeps all changes for KEPT_SECONDS.

So no page and no booking asks for them. A change holds at once in the process that made it, in all others within
KEPT_SECONDS; one that is dated ahead begins everywhere at midnight. What must never be wrong (places, double bookings)
is guarded by the database and by no rule.
"""

import time
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils import timezone

from centers import codes
from centers.models.center import Center
from centers.models.division import Division
from centers.rules.declared import default_of
from centers.rules.models import RuleChange

KEPT_SECONDS = 3.0
EVERYWHERE = ""  # the code of changes without a division

CODES_KEPT_SECONDS = 600.0

Place = Division | int | str | None  # the id of a center, a division or its code; None: all divisions


class Dated(NamedTuple):
    first: date
    value: Any


Changes = dict[str, dict[str, list[Dated]]]  # by rule and by code; in the order in which they take effect


class _Kept(NamedTuple):
    changes: Changes
    until: float


class _Codes(NamedTuple):
    """Of all centers, by id. Read only where a rule has changes."""

    known: dict[int, str]
    until: float


_PAST = float("-inf")
_kept = _Kept({}, _PAST)
_codes = _Codes({}, _PAST)


def value(name: str, place: Place, on: date | None = None) -> Any:
    """Of the nearest division that has one, else the installation's default. `on` is a local day, or today."""
    return value_and_code(name, place, on)[0]


def value_and_code(name: str, place: Place, on: date | None = None) -> tuple[Any, str | None]:
    """With the code of the division that has it: EVERYWHERE for the installation's own, None for the default."""
    if changes := _changes().get(name):
        on = on or timezone.localdate()
        for code in _upwards(place):
            if (found := _in_force(changes.get(code, []), on)) is not None:
                return found, code
    return default_of(name), None


def groups(name: str, path: str, on: date | None = None) -> list[tuple[Any, Q]]:
    """Each value that is in force somewhere, and where: a condition on the division's code at lookup `path`.

    For queries over many centers. The conditions leave no row out and hold for each row once.
    """
    changes, on = _changes().get(name, {}), on or timezone.localdate()
    here = {code: found for code in changes if (found := _in_force(changes[code], on)) is not None}
    base = here.pop(EVERYWHERE, default_of(name))
    found = [(base, _but_not(here, path))]
    for code, one in here.items():
        below = [other for other in here if other != code and codes.contains(code, other)]
        found.append((one, Q(**{f"{path}__range": codes.span(code)}) & _but_not(below, path)))
    return found


def highest_ahead(name: str, place: Place) -> int:
    """The highest value at a place from today on, changes that are dated ahead included."""
    today, found = timezone.localdate(), value(name, place)
    if changes := _changes().get(name):
        ahead = {one.first for code in _upwards(place) for one in changes.get(code, []) if one.first > today}
        found = max([found, *(value(name, place, day) for day in ahead)])
    return found


def highest(name: str) -> int:
    """The highest value that the rule had, has or will have anywhere."""
    dated = [one.value for changes in _changes().get(name, {}).values() for one in changes if one.value is not None]
    return max([default_of(name), *dated])


def forget() -> None:
    """Read the changes anew; whoever commits one calls it."""
    global _kept, _codes
    _kept, _codes = _Kept({}, _PAST), _Codes({}, _PAST)


def keep(changes: Changes, seconds: float) -> None:
    global _kept
    _kept = _Kept(changes, time.monotonic() + seconds)


def _changes() -> Changes:
    if time.monotonic() >= _kept.until:
        keep(_read(), KEPT_SECONDS)
    return _kept.changes


def _read() -> Changes:
    """One query. A closed division's code may be another's by now, so that only current ones count."""
    rows = RuleChange.objects.filter(Q(division__isnull=True) | Q(division__valid_to__isnull=True))
    found: Changes = {}
    for name, code, first, one in rows.order_by("valid_from", "number").values_list(
        "name", F("division__code"), "valid_from", "value"
    ):
        found.setdefault(name, {}).setdefault(code or EVERYWHERE, []).append(Dated(first, one))
    return found


def _in_force(changes: list[Dated], on: date) -> Any:
    return next((change.value for change in reversed(changes) if change.first <= on), None)


def _upwards(place: Place) -> list[str]:
    """From the place itself to EVERYWHERE."""
    if place is None or place == EVERYWHERE:
        return [EVERYWHERE]
    code = _code_of_center(place) if isinstance(place, int) else place if isinstance(place, str) else place.code
    return [code, *reversed(codes.ancestors(code)), EVERYWHERE]


def _code_of_center(pk: int) -> str:
    global _codes
    if time.monotonic() >= _codes.until:
        known = dict(Center.objects.order_by().values_list("pk", "division__code"))
        _codes = _Codes(known, time.monotonic() + CODES_KEPT_SECONDS)
    if pk not in _codes.known:  # opened since
        _codes.known[pk] = Center.objects.values_list("division__code", flat=True).get(pk=pk)
    return _codes.known[pk]


def _but_not(inside, path: str) -> Q:
    where = Q()
    for code in inside:
        where &= ~Q(**{f"{path}__range": codes.span(code)})
    return where
