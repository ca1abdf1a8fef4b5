"""Recognises what a spreadsheet program made of a text: `3-1` a date, a long number 9.90101E+11, a lost zero.

What was typed is gone then, and cannot be guessed: the row is refused, and the sentence says how to mark it as text.
"""

import re
from datetime import date, datetime, time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ui import numbers

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
# With the signs for year, month and day, or as programs of other languages write them.
_DATE = re.compile(
    r"\d{1,2}\u6708\d{1,2}\u65e5|\d{4}\u5e74\d{1,2}\u6708(?:\d{1,2}\u65e5)?"
    r"|\d{4}[/-]\d{1,2}[/-]\d{1,2}(?: 0?0:00(?::00)?)?"
    rf"|\d{{1,2}}-{_MONTH}(?:-\d{{2,4}})?|{_MONTH}-\d{{1,2}}",
    re.ASCII | re.IGNORECASE,
)
_MADE_A_DATE = _("“3-1”这样的内容被表格软件变成了日期或时间（%(text)s）。")
_CUT_SHORT = _("长数字被表格软件写成了 %(text)s，后面的几位丢了。")
_WITHOUT_ZERO = _("号码 %(text)s 开头的 0 被表格软件去掉了。")
_WHAT_TO_DO = _("请把这一列设成“文本”格式，把这一格重新填一遍；存成 .xlsx 最稳。")
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d{1,2}", re.ASCII | re.IGNORECASE)


class Spoiled(str):
    """A cell's text that is not what was typed, if the column holds text. `fault` says so, worded when it is asked."""

    __slots__ = ("how",)
    how: Promise

    @property
    def fault(self) -> str:
        return f"{self.how % {'text': str(self)}}{_WHAT_TO_DO}"


def marked(text: str, cell: object = None) -> str:
    """`text`, as Spoiled where a program has changed it; `cell` is the value as it was stored."""
    if isinstance(cell, (date, datetime, time)) or _DATE.fullmatch(text):
        return _spoiled(text, _MADE_A_DATE)
    if is_shortened(text):
        return _spoiled(text, _CUT_SHORT)
    return text


def is_shortened(text: str) -> bool:
    return bool(_SHORTENED.fullmatch(text))


def as_telephone(text: str) -> str:
    """A number of a column of telephones, as Spoiled if it lacks the zero with which an area code begins."""
    digits = numbers.canonical(text)
    if not numbers.is_number(digits) and digits[:1] not in ("0", "+") and numbers.area(f"0{digits}"):
        return _spoiled(text, _WITHOUT_ZERO)
    return text


def _spoiled(text: str, how: Promise) -> Spoiled:
    spoiled = Spoiled(text)
    spoiled.how = how
    return spoiled
