"""Finds our columns under the headers that people write: `姓 名`, `手机号*`, `联系电话（必填）`."""

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken

# Each group is one column, whatever it is called; a sheet has only one of a group.
_SAME = (
    {"姓名", "名字", "居民姓名", "村民姓名", "人员姓名"},
    {"电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "联系手机", "移动电话"},
    {"区划代码", "代码", "code", "统计用区划代码", "行政区划代码", "村代码"},
    {"名称", "name", "区划名称", "行政区划名称"},
    {"村民小组", "小组", "组别", "村组"},
    {"地址", "详细地址"},
    {"开始日期", "开始", "从哪天", "起始日期"},
    {"结束日期", "结束", "到哪天", "截止日期"},
)
# The sheet of a template that explains its columns.
EXPLANATIONS = "说明"
_NOTE = re.compile(r"[(\[【].*$")
_SIGNS = re.compile(r"[\s*:、.。_]+")


def plain(header: str) -> str:
    """Without blanks, signs, a note in brackets, and differences of width and case."""
    return _SIGNS.sub("", _NOTE.sub("", unicodedata.normalize("NFKC", header))).lower()


def named(cells: Sequence[str], known: Sequence[str]) -> list[str]:
    """The cells of a header row with the `known` columns under their own names; others as they are.

    A column of our name goes before another that means the same. Raises RuleBroken `header_twice` if two do.
    """
    meant = [_column(cell, known) for cell in cells]
    for column in set(filter(None, meant)):
        there = [at for at, name in enumerate(meant) if name == column]
        exact = [at for at in there if plain(cells[at]) == plain(column)]
        for at in there if len(exact) == 1 else ():
            meant[at] = column if at in exact else None
        if len(exact or there) > 1:
            raise _twice([cells[at] for at in exact or there])
    names = [name or cell for name, cell in zip(meant, cells, strict=True)]
    if repeated := next((name for name in names if name and names.count(name) > 1), None):
        raise _twice([repeated, repeated])
    return names


def count(cells: Sequence[str], known: Sequence[str]) -> int:
    """How many of the known columns a row names."""
    return len({_column(cell, known) for cell in cells} - {None})


def _column(cell: str, known: Sequence[str]) -> str | None:
    header = plain(cell)
    if not header:
        return None
    same = next((group for group in _SAME if header in group), {header})
    return next((column for column in known if plain(column) == header), None) or next(
        (column for column in known if plain(column) in same), None
    )


def _twice(cells: list[str]) -> RuleBroken:
    if len(set(cells)) == 1:
        return RuleBroken(_("表头“%(name)s”出现了两次，请删掉一列。"), code="header_twice", name=cells[0])
    said = "、".join(f"“{cell}”" for cell in cells)
    return RuleBroken(_("表头%(names)s说的是同一列，请只留一列。"), code="header_twice", names=said)
