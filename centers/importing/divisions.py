"""Import of the administrative divisions: streamed into a staging table, validated and merged by SQL, all or nothing.

Memory use is constant, and 620,000 rows take seconds; the SQL is the same on both databases. A renamed division keeps
its row, which centers and memberships reference; the old name goes into a closed row.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import codes
from centers.importing import staging
from centers.importing.spelling import spell
from centers.importing.successors import Successor, begin, finish, propose, settled, stem
from centers.models import Center, Division
from centers.services.giving_way import give_way
from centers.services.succession import check_day
from portal.accounts.models import User
from portal.ui.errors import RuleBroken
from portal.ui.sheets import headers
from portal.ui.sheets.encoding import encoding_of, plain_digits, tidy
from portal.ui.sheets.spoiled import Spoiled, marked

CODE_HEADERS = {"code", "代码", "区划代码", "统计用区划代码", "行政区划代码"}
NAME_HEADERS = {"name", "名称", "区划名称", "行政区划名称"}
NAME_LENGTH = 80
ERRORS_KEPT = 1000
# A file that lacks a larger share of the divisions in use is refused as probably truncated.
CLOSING_SHARE = 0.2
CLOSING_FEW = 20


@dataclass(eq=False)
class RowErrors(Exception):
    """Errors by row number of the file; nothing was imported."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, sentence: str) -> None:
        self.count += 1
        if len(self.rows) < ERRORS_KEPT:
            self.rows.append((row, sentence))

    def lines(self) -> list[str]:
        return [_("第 %(row)d 行：%(error)s") % {"row": row, "error": error} for row, error in sorted(self.rows)]


@dataclass(frozen=True)
class Outcome:
    rows: int
    opened: int
    renamed: int
    closed: int
    recoded: int
    merged: int
    closed_with_center: int
    scope: list[str]
    private: list[str] = field(default_factory=list)  # names with a character of private use

    @property
    def unchanged(self) -> int:
        return self.rows - self.opened - self.renamed - self.recoded

    @property
    def words(self) -> str:
        said = _(
            "共 %(rows)d 个区划：新增 %(opened)d，更名 %(renamed)d，换代码 %(recoded)d，并入 %(merged)d，"
            "停用 %(closed)d，不变 %(unchanged)d。"
        ) % {**vars(self), "unchanged": self.unchanged}
        if self.closed_with_center:
            said += _("有 %(count)d 个中心的区划停用了。它们照常开着，请到后台“区划沿革”里记下由谁接着。") % {
                "count": self.closed_with_center
            }
        if self.private:
            said += _(
                "有 %(count)d 个名称里有电脑里没有的生僻字（例如“%(name)s”），照原样收下了："
                "没有装那种字体的电脑上会显示成方框。查到通用的写法，可以在后台改。"
            ) % {"count": len(self.private), "name": self.private[0]}
        return said


def import_divisions(
    *,
    file: BinaryIO,
    under: str | None = None,
    on: date | None = None,
    allow_closing: bool = False,
    successors: list[tuple[str, str]] | None = None,
    is_confirmed: bool = False,
    by: User | None = None,
    progress: Callable[[int], object] | None = None,
) -> Outcome:
    """Synchronise the table with the file's `code,name` rows, in force from `on` (default today).

    Divisions missing in the file are closed only under `under`, or in the file's own scope (see `_scope`). What comes
    after them is said by `successors`, pairs of an old and a new code, else by what is proposed, which is taken
    unseen only with `is_confirmed` or where nothing points at the division.
    `progress` is called with the number of bytes read. Raises RowErrors, Unconfirmed, or RuleBroken `header`,
    `under`, `encoding`, `successor`, `too_many_closed`, `odd_day`.
    """
    on = on or timezone.localdate()
    check_day(on)
    with _staged(file, under, progress) as private, transaction.atomic():
        pairs = settled(propose(*_scope(under)), successors, is_confirmed)
        return replace(_merge(under, on, allow_closing, pairs, by), private=private)


def propose_successors(
    *, file: BinaryIO, under: str | None = None, progress: Callable[[int], object] | None = None
) -> list[Successor]:
    """What becomes of the codes that go, as far as it can be seen from the file; nothing is changed.

    Raises as `import_divisions` does.
    """
    with _staged(file, under, progress):
        return propose(*_scope(under))


@contextmanager
def _staged(file: BinaryIO, under: str | None, progress: Callable[[int], object] | None) -> Iterator[list[str]]:
    """The file in the staging table, and valid, for the duration of the block; names with characters of private use."""
    if under is not None and not codes.is_code(under):
        raise RuleBroken(_("“%(under)s”不是12位区划代码。"), code="under", under=under)
    errors, private = RowErrors(), []
    with staging.table():
        # 1. Staging happens outside the transaction, so that SQLite's write lock is not held while reading.
        staging.fill(_noting_private(_rows(file, under, errors, progress), private))
        _validate(errors)
        if errors.count:
            raise errors
        # 2. Merge: a few statements, and some for each code that goes.
        yield private


def _noting_private(rows: Iterator[tuple], private: list[str]) -> Iterator[tuple]:
    for row in rows:
        if not row[2].isprintable() and any(map(is_private, row[2])):
            private.append(row[2])
        yield row


def _rows(file: BinaryIO, under: str | None, errors: RowErrors, progress) -> Iterator[tuple]:
    """(row, code, name, level, pinyin, initials) of valid rows; the others are added to `errors`."""
    text = io.TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        reader = csv.reader(_without_nul(text))
        code_at, name_at = _columns(next(reader, []))
        span = codes.span(under) if under else ("0", "9")
        told = 0
        for cells in reader:
            if reader.line_num % 5000 == 0 and progress:
                progress(file.tell() - told)
                told = file.tell()
            if not any(cells):
                continue
            if error := _error_in(cells, code_at, name_at):
                errors.add(reader.line_num, error)
                continue
            code, name = _code(cells[code_at]), tidy(cells[name_at])
            if under and not span[0] <= code <= span[1] and code not in codes.ancestors(under):
                errors.add(reader.line_num, _("%(code)s 不在 %(under)s 之下") % {"code": code, "under": under})
                continue
            yield (reader.line_num, code, name, codes.level_of(code), *spell(name))
    except csv.Error as error:
        raise RuleBroken(
            _("这个文件不是完整的CSV，第 %(row)d 行读不下去。"), code="csv", row=reader.line_num
        ) from error
    finally:
        text.detach()


def _without_nul(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\0", "") if "\0" in line else line for line in lines)


def _columns(header: list[str]) -> tuple[int, int]:
    names = [headers.plain(tidy(cell)) for cell in header]
    code_at = next((at for at, name in enumerate(names) if name in CODE_HEADERS), None)
    name_at = next((at for at, name in enumerate(names) if name in NAME_HEADERS), None)
    if code_at is None or name_at is None:
        raise RuleBroken(_("第一行要有表头 code,name（或 代码,名称），用英文逗号隔开。"), code="header")
    return code_at, name_at


def _code(cell: str) -> str:
    return cell if cell.isdecimal() and cell.isascii() else plain_digits(cell)


def _error_in(cells: list[str], code_at: int, name_at: int) -> str | None:
    if len(cells) <= max(code_at, name_at):
        return _("少了一列")
    code, name = _code(cells[code_at]), tidy(cells[name_at])
    if isinstance(spoiled := marked(code), Spoiled):
        return spoiled.fault
    if not codes.is_code(code):
        return _("区划代码“%(code)s”不是12位数字") % {"code": code[:20]}
    if not name:
        return _("%(code)s 没有名称") % {"code": code}
    if len(name) > NAME_LENGTH or not (name.isprintable() or all(_can_be_shown(character) for character in name)):
        return _("%(code)s 的名称太长或有看不见的字符") % {"code": code}
    return None


def _can_be_shown(character: str) -> bool:
    """Also what some machine only can show: private use, and characters newer than this Python knows."""
    return character.isprintable() or is_private(character) or 0x20000 <= ord(character) <= 0x3FFFF


def is_private(character: str) -> bool:
    """Private use: a rare character that official lists carry in a font of their own."""
    return unicodedata.category(character) == "Co"


def _validate(errors: RowErrors) -> None:
    """Checks that need the whole file: contradicting names, missing parents."""
    for row, code, name, first in staging.contradictions(ERRORS_KEPT):
        errors.add(
            row, _("%(code)s 重复：“%(name)s”和第 %(first)d 行不一样") % {"code": code, "name": name, "first": first}
        )
    for row, parent in staging.orphans(ERRORS_KEPT):
        errors.add(row, _("缺少上级区划 %(code)s") % {"code": parent})


def _merge(under: str | None, on: date, allow_closing: bool, pairs: list[tuple[str, str]], by: User | None) -> Outcome:
    staging.fast_writes()
    scope, _before_it = _scope(under)
    steps = begin(pairs, on, by)
    closing = sum(staging.missing(*codes.span(code)) for code in scope)
    if not allow_closing:
        _refuse_cut_off_list(scope, closing)
    closed = sum(staging.close_missing(*codes.span(code), on, on + timedelta(days=1)) for code in scope)
    renamed = staging.rename(on)
    staging.record_renames(on)
    opened = staging.open_new(on)
    finish(steps, on, by)
    give_way(on=on, by=by)
    left = Center.objects.standing().filter(division__valid_to__isnull=False).count()
    merged = len(steps.merged)
    return Outcome(staging.count(), opened, renamed, closed, len(steps.carried), merged, left, scope)


def _scope(under: str | None) -> tuple[list[str], dict[str, str]]:
    """Codes of the subtrees that the file lists completely, and of what these were before; the latter by old code.

    A county that got another code is missing under its old one, though no list of the new one names that.
    """
    tops = [under] if under else _tops()
    before = [_before(top) for top in tops]
    return [*tops, *(list(found)[-1] for found in before if found)], {
        old: new for found in before for old, new in found.items()
    }


def _before(top: str) -> dict[str, str]:
    """The new code of it and of what is above it, by old code; empty unless it is new itself, and found."""
    found: dict[str, str] = {}
    for code in [*codes.ancestors(top), top]:
        if Division.objects.current().filter(code=code).exists():
            found = {}
            continue
        above = list(found)[-1] if found else (codes.ancestors(code) or [""])[-1]
        former = _called_the_same(code, above)
        if former is None:
            return {}
        found[former] = code
    return found


def _called_the_same(code: str, above: str) -> str | None:
    """The only current division under `above` that has the name of the file's `code`, if the file lacks it."""
    level, named = codes.level_of(code), staging.named([code])
    if not above or code not in named:
        return None
    here = Division.objects.current().within(above).filter(level=level).values_list("code", "name")
    same = [old for old, name in here if stem(name) == stem(named[code].name)]
    return same[0] if len(same) == 1 and not staging.named(same) else None


def _tops() -> list[str]:
    """The subtrees that the file lists completely.

    A county's list also names its province and city, which it does not list completely. So from each province down,
    while a division has a single child in the file, the scope moves one level lower. It stops at the township, so
    that a village missing from the list is noticed.
    """
    tops = []
    for province in staging.children(None):
        top = province
        while codes.level_of(top) < Division.Level.TOWNSHIP and len(below := staging.children(top)) == 1:
            top = below[0]
        tops.append(top)
    return tops


def _refuse_cut_off_list(scope: list[str], closing: int) -> None:
    current = sum(Division.objects.current().within(code).count() for code in scope) if closing > CLOSING_FEW else 0
    if closing > CLOSING_FEW and closing > current * CLOSING_SHARE:
        raise RuleBroken(
            _(
                "在用的 %(current)d 个区划里，文件少了 %(closing)d 个，可能不完整。"
                "确实要停用它们，请加 --allow-closing。"
            ),
            code="too_many_closed",
            current=current,
            closing=closing,
        )
