"""What becomes of the codes that a list of divisions lacks, or gives to another village: proposed, corrected, applied.

A division is looked for among the new ones of its parent, or of what its parent became: by its name, by its short
name (柳湾村 for 柳湾村村民委员会), and by that
without 村, 新村 or 社区; then by its name anywhere in the county. Our default.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from centers import codes
from centers.importing import staging
from centers.models import Center, Division, Succession
from centers.services.giving_way import is_keyed
from centers.services.succession import close, move, recode
from centers.short_names import short_name
from portal.accounts.models import User
from portal.ui.errors import RuleBroken
from portal.ui.sheets.encoding import encoding_of, plain_digits, tidy

COUNTY = 3
KINDS = re.compile(r"(?<=.)(新|村|社区|居|街道办事处|街道|镇|乡|自治县|县|市|区)$")
COLUMNS = {"old": "原代码", "old_name": "原名称", "held": "原来有", "new": "新代码", "new_name": "新名称"}


@dataclass(frozen=True, slots=True)
class Successor:
    """`new` is empty where nothing was found, or nothing is to be done yet."""

    old: str
    old_name: str
    new: str = ""
    new_name: str = ""
    has_center: bool = False
    is_keyed: bool = False  # roles, residents or anything else points at it

    @property
    def held(self) -> str:
        return _("中心") if self.has_center else _("人员或居民") if self.is_keyed else ""


class Unconfirmed(RuleBroken):
    """Somebody has to look at the successors first; nothing was imported."""

    code = "unconfirmed"

    def __init__(self, proposals: list[Successor]) -> None:
        self.proposals = proposals
        super().__init__(_("有 %(count)d 个在用的区划没有了或换了代码，要先看一看它们由谁接着。"), count=len(proposals))


def propose(scope: list[str], became: dict[str, str]) -> list[Successor]:
    """One row for each division that goes, and for each whose code another has now; by code.

    `became`: new codes, by old, of what is above the scope or begins it.
    """
    gone = [row for code in scope for row in staging.gone(*codes.span(code))]
    changed = staging.changed()
    fresh = staging.fresh()
    finder = _Finder([*fresh, *((code, new) for code, _old, new in changed)], became)
    named = {code: new for code, _old, new in changed}
    olds = [*gone, *((code, old) for code, old, new in changed if stem(old) != stem(new))]
    found: dict[str, tuple[str, str]] = {}
    for level in sorted({codes.level_of(code) for code, _name in olds}):
        finder.run([row for row in olds if codes.level_of(row[0]) == level], found)
    leaving = {code for code, _name in gone}
    # Another name under the same code, and the old one nowhere: a new name, unless somebody says otherwise.
    kept = {code: (code, named[code]) for code, _name in olds if code not in leaving and code not in found}
    rows = [Successor(code, name, *(found | kept).get(code, ("", ""))) for code, name in olds]
    return _weighed(sorted(rows, key=lambda row: row.old))


class _Finder:
    def __init__(self, targets: list[tuple[str, str]], became: dict[str, str]) -> None:
        self.below: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for code, name in targets:
            self.below[_parent(code)].append((code, name))
        self.claimed: set[str] = set()
        self.became = dict(became)

    def run(self, olds: list[tuple[str, str]], found: dict[str, tuple[str, str]]) -> None:
        for key in (str, short_name, stem):
            self._claim(olds, found, key, self._near)
        self._claim(olds, found, str, self._in_county)
        for code, name in olds:  # the rest went into one that stands or that another has become
            if code not in found:
                beside = [row for row in [*self._near(code), *self._standing(code)] if row[0] != code]
                same = {row for row in beside if stem(row[1]) == stem(name)}
                if len(same) == 1:
                    found[code] = same.pop()
        self.became.update({code: new for code, (new, _name) in found.items()})

    def _claim(self, olds, found, key: Callable[[str], str], around: Callable) -> None:
        wanted = defaultdict(list)
        for code, name in olds:
            if code not in found:
                wanted[(_parent(code) if around == self._near else "", key(name))].append(code)
        for (_where, name), codes_of_name in wanted.items():
            for code in codes_of_name:
                same = [
                    row for row in around(code) if key(row[1]) == name and row[0] not in self.claimed and row[0] != code
                ]
                if len(same) > 1:
                    same = [row for row in same if row[0][9:] == code[9:]]
                if len(same) == 1 and (around == self._near or len(codes_of_name) == 1):
                    found[code] = same[0]
                    self.claimed.add(same[0][0])

    def _near(self, code: str) -> Iterable[tuple[str, str]]:
        parent = _parent(code)
        return [row for where in {parent, self.became.get(parent, parent)} for row in self.below[where]]

    def _in_county(self, code: str) -> Iterator[tuple[str, str]]:
        if codes.level_of(code) <= COUNTY:
            return
        county = codes.ancestors(code)[COUNTY - 1]
        county = self.became.get(county, county)
        for parent, rows in list(self.below.items()):
            if codes.contains(county, parent):
                yield from (row for row in rows if codes.level_of(row[0]) == codes.level_of(code))

    def _standing(self, code: str) -> list[tuple[str, str]]:
        parent = _parent(code)
        parent = self.became.get(parent, parent)
        if not parent:
            return []
        level = codes.level_of(code)
        rows = Division.objects.current().within(parent).filter(level=level).values_list("code", "name")
        listed = staging.named([row[0] for row in rows])
        return [row for row in rows if row[0] in listed and listed[row[0]].name == row[1]]


def _parent(code: str) -> str:
    above = codes.ancestors(code)
    return above[-1] if above else ""


def stem(name: str) -> str:
    """西谭 of 西谭村村民委员会 as of 西谭村社区居委会."""
    short = short_name(name)
    while (shorter := KINDS.sub("", short)) != short:
        short = shorter
    return short


def _weighed(rows: list[Successor]) -> list[Successor]:
    """With what points at each old division."""
    centers, keyed = set(), set()
    for at in range(0, len(rows), staging.BATCH // 20):
        here = Division.objects.current().filter(code__in=[row.old for row in rows[at : at + staging.BATCH // 20]])
        centers |= set(
            here.filter(Exists(Center.objects.filter(division=OuterRef("pk")))).values_list("code", flat=True)
        )
        keyed |= set(here.filter(is_keyed()).values_list("code", flat=True))
    return [replace(row, has_center=row.old in centers, is_keyed=row.old in keyed) for row in rows]


def settled(
    proposals: list[Successor], given: list[tuple[str, str]] | None, is_confirmed: bool
) -> list[tuple[str, str]]:
    """(old, new) in force: what was given, else what is proposed. Raises Unconfirmed where somebody has to look."""
    said = {old for old, _new in given or []}
    unseen = [row for row in proposals if row.is_keyed and row.old not in said and row.new != row.old]
    if unseen and not is_confirmed:
        raise Unconfirmed(unseen)
    pairs = [*(given or []), *((row.old, row.new) for row in proposals if row.old not in said)]
    return list(dict.fromkeys((old, new) for old, new in pairs if new != old))


@dataclass(slots=True)
class Steps:
    """`carried` keep their row under the new code; `merged` go into another's; `beside` are the rest of a split."""

    carried: list[tuple[Division, str]]
    merged: list[tuple[Division, str]]
    beside: list[tuple[Division, str]]
    past: dict[int, Division]


def begin(pairs: list[tuple[str, str]], on: date, by: User | None) -> Steps:
    """Before the list is merged. A division without a new code ends, also where another has its code now.

    Raises RuleBroken `successor`.
    """
    ending, pairs = [old for old, new in pairs if not new], [pair for pair in pairs if pair[1]]
    rows = {row.code: row for row in Division.objects.current().filter(code__in=[old for old, _new in pairs])}
    listed = staging.named([new for _old, new in pairs])
    in_use = set(Division.objects.current().filter(code__in=list(listed)).values_list("code", flat=True))
    steps, taken = Steps([], [], [], {}), in_use - {old for old, _new in pairs}
    seen: set[str] = set()
    for old, new in pairs:
        if old not in rows:
            raise RuleBroken(_("%(old)s 不是在用的区划代码。"), code="successor", old=old)
        if new not in listed or codes.level_of(new) != codes.level_of(old):
            raise RuleBroken(
                _("%(old)s 不能由 %(new)s 接着：要是文件里有的、同一级的代码。"), code="successor", old=old, new=new
            )
        where = steps.beside if old in seen else steps.merged if new in taken else steps.carried
        where.append((rows[old], new))
        taken.add(new)
        seen.add(old)
    steps.past = recode([(row, listed[new]) for row, new in steps.carried], on=on, by=by)
    reused = Division.objects.current().filter(code__in=list(staging.named(ending)))
    for row in [*(row for row, _new in steps.merged), *reused]:
        close(row, on)
    split = [steps.past[row.pk] for row, _new in steps.beside if row.pk in steps.past]
    Succession.objects.filter(old__in=split).update(kind=Succession.Kind.SPLIT)
    return steps


def finish(steps: Steps, on: date, by: User | None) -> None:
    """Once the new divisions are there."""
    there = Division.objects.current().filter(code__in=[new for _row, new in [*steps.merged, *steps.beside]])
    by_code = {division.code: division for division in there}
    for row, new in steps.merged:
        move(old=row, new=by_code[new], kind=Succession.Kind.MERGED, on=on, by=by)
    Succession.objects.bulk_create(
        Succession(
            old=steps.past.get(row.pk, row),
            new=by_code[new],
            kind=Succession.Kind.SPLIT,
            goes_on=False,
            on=on,
            decided_by=by,
        )
        for row, new in steps.beside
    )


def write(rows: list[Successor]) -> bytes:
    """As csv to correct. A tab before each code keeps a spreadsheet program from rounding it."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS.values())
    for row in rows:
        sheet.writerow([f"\t{row.old}", row.old_name, row.held, f"\t{row.new}" if row.new else "", row.new_name])
    return text.getvalue().encode("utf-8-sig")


def read(file: BinaryIO) -> list[tuple[str, str]]:
    """(old, new) of the corrected csv; of several rows of one old code the first is where its center goes.

    `new` is empty for what is left for later. Raises RuleBroken `header`, `successor`.
    """
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        lines = list(csv.reader(text))
    finally:
        text.detach()
    header = [tidy(cell) for cell in lines[0]] if lines else []
    if COLUMNS["old"] not in header or COLUMNS["new"] not in header:
        raise RuleBroken(_("第一行要有“原代码”和“新代码”这两列。"), code="header")
    at = header.index(COLUMNS["old"]), header.index(COLUMNS["new"])
    pairs = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        old, new = (plain_digits(cells[place]) if place < len(cells) else "" for place in at)
        if not codes.is_code(old) or (new and not codes.is_code(new)):
            raise RuleBroken(_("第 %(row)d 行的代码不是12位数字。"), code="successor", row=number)
        pairs.append((old, new))
    return pairs
