"""Checks some rows of a sheet, and writes those without faults."""

import hashlib
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from centers.importing.accounts import Accounts
from centers.importing.changes import Change
from centers.importing.writing import Overtaken, Planned
from centers.models import SheetPart
from centers.sheets.kinds import Kind
from portal.accounts.models import User
from portal.ui.sheets.formats import ROW, Uploaded
from portal.ui.sheets.reading import Where
from portal.ui.sheets.spoiled import Spoiled, marked

Fault = tuple[Where, str]


class Seen(MutableMapping):
    """Rows of a sheet by the digest of what they are about: of 100,000 rows the keys themselves would be too big."""

    def __init__(self) -> None:
        self.known: dict[str, Where] = {}
        self.fresh: list[list] = []  # as SheetPart.keys

    def __getitem__(self, key: tuple) -> Where:
        return self.known[_digest(key)]

    def __setitem__(self, key: tuple, where: Where) -> None:
        self.known[_digest(key)] = where
        self.fresh.append([_digest(key), *as_list(where)])

    def __contains__(self, key: object) -> bool:
        return _digest(key) in self.known

    def __delitem__(self, key: tuple) -> None:
        del self.known[_digest(key)]

    def __iter__(self) -> Iterator:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def remember(self, keys: list[list]) -> None:
        """Those of a part that was checked before."""
        self.known |= {digest: Where(*where) for digest, *where in keys}


def _digest(key: Any) -> str:
    stable = [getattr(one, "pk", one) for one in key]
    return hashlib.blake2b(repr(stable).encode(), digest_size=9).hexdigest()


def as_list(where: Where) -> list:
    return [where.place, where.number, where.sheet]


def packed(where: Where, cells: list[str]) -> list:
    """A row as SheetPart.rows has it: a cell that is not what was typed is a list of its text."""
    return [*as_list(where), *([str(cell)] if isinstance(cell, Spoiled) else cell for cell in cells)]


def _unpacked(cell: str | list[str]) -> str:
    if isinstance(cell, str):
        return cell
    text = marked(cell[0])
    return text if isinstance(text, Spoiled) else marked(cell[0], date.min)


@dataclass
class Checked:
    """What the rows would do. `plans`: of each resource what it would write."""

    plans: list[tuple[Any, list[Planned]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0

    def counts(self) -> tuple[int, int, int]:
        """How many rows are new, changed and the same."""
        bad = {where for where, _said in self.faults}
        written: dict[Where, set[bool]] = {}
        for _resource, planned in self.plans:
            for one in planned:
                written.setdefault(one.row[ROW], set()).add(one.before is None)
        new = sum(kinds == {True} for where, kinds in written.items() if where not in bad)
        changed = sum(kinds != {True} for where, kinds in written.items() if where not in bad)
        return new, changed, self.rows - len(bad) - new - changed

    def good(self) -> list[tuple[Any, list[Planned]]]:
        """Without the rows that have a fault in any resource."""
        bad = {where for where, _said in self.faults}
        return [(resource, [one for one in planned if one.row[ROW] not in bad]) for resource, planned in self.plans]


def check(kind: Kind, part: SheetPart, headers: list[str], by: User, seen: Seen | None = None) -> Checked:
    """Outside of any transaction. `seen`: the rows of the parts before; without it rows that come twice pass."""
    rows = [[Where(*row[:3]), *map(_unpacked, row[3:])] for row in part.rows]
    checked, shared = Checked(rows=len(rows)), Accounts(by)
    for number, (resource_class, dataset) in enumerate(kind.split(Uploaded(*rows, headers=[ROW, *headers]))):
        resource = resource_class(seen=_Own(seen, number) if seen is not None else None, shared=shared)
        dataset.notes = []
        result = resource.validate(dataset, by)
        checked.plans.append((resource, resource.planned))
        checked.faults += result.faults()
    checked.faults = sorted(set(checked.faults))
    return checked


class _Own(Seen):
    """`Seen` of one resource: another reads the same rows by other keys."""

    def __init__(self, shared: Seen, number: int) -> None:
        self.known, self.fresh, self.number = shared.known, shared.fresh, number

    def __getitem__(self, key: tuple) -> Where:
        return super().__getitem__((self.number, *key))

    def __setitem__(self, key: tuple, where: Where) -> None:
        super().__setitem__((self.number, *key), where)

    def __contains__(self, key: Any) -> bool:
        return super().__contains__((self.number, *key))


def write(checked: Checked, check_again: Callable[[], Checked]) -> tuple[Checked, list[tuple[Where, Change]]]:
    """Write the rows without faults, in the caller's transaction; what changed meanwhile becomes a fault of its row.

    The rows that were validated are spoiled by a failed try: what is left of them is validated again.
    """
    late: list[Fault] = []
    while True:
        checked.faults = sorted({*checked.faults, *late})
        try:
            with transaction.atomic():
                return checked, _write(checked.good())
        except Overtaken as overtaken:
            late += [(one.row[ROW], said) for one, said in overtaken.faults]
            checked = check_again()


def _write(plans: list[tuple[Any, list[Planned]]]) -> list[tuple[Where, Change]]:
    done = []
    for resource, planned in plans:
        if planned:
            resource.write(planned, resource.accounts_of(planned))
            done += [(one.row[ROW], change) for one, change in resource.changes(planned)]
    return done
