"""What a rule is that differs from county to county: its type, bounds, source, and what it does to villagers.

The tables of the subjects are named in settings.RULES; the installation's default is the setting of the same name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

DAYS, WORKDAYS, HALF_DAYS, MINUTES, SECONDS = _("天"), _("个工作日"), _("个半天"), _("分钟"), _("秒")
TIMES, PIECES, OCCASIONS = _("个"), _("件"), pgettext_lazy("unit", "次")
OUR_DEFAULT = _("家门口的默认值，各县可以不同。")


class Kind(StrEnum):
    NUMBER = "number"  # int
    SPAN = "span"  # [shortest, longest]
    NUMBERS = "numbers"  # list of int, descending
    FLAG = "flag"  # bool
    CHOICES = "choices"  # list of the values of `options`, in their order


class SetBy(StrEnum):
    """The lowest level that may have a value of its own."""

    TOWNSHIP = "township"
    COUNTY = "county"
    SITE = "site"  # one for the whole installation, by the system administrator


SUBJECTS = {
    "booking": _("预约"),
    "waiting": _("候补"),
    "queue": _("现场和叫号"),
    "duty": _("值班和请假"),
    "cases": _("代办"),
    "retention": _("资料保存多久"),
}


@dataclass(frozen=True)
class Rule:
    """`low` and `high` bound each number. `effect` says what it means to villagers, `stays` what a change leaves alone.

    `touched`: dotted path of a function of (rule, division or None, new value, first day) → sentences for the page
    that asks before the change.
    """

    name: str
    subject: str
    title: Text
    effect: Text
    stays: Text
    kind: Kind = Kind.NUMBER
    unit: Text = ""
    low: int = 0
    high: int = 0
    source: Text = OUR_DEFAULT
    set_by: SetBy = SetBy.COUNTY
    options: tuple[tuple[str, Text], ...] = ()
    most: int = 9  # numbers of Kind.NUMBERS
    touched: str = ""
    at_most: str = ""  # the rule whose value must not be exceeded
    at_least: str = ""

    @property
    def default(self) -> Any:
        """The installation's: of the environment, else ours."""
        return default_of(self.name)


def default_of(name: str) -> Any:
    if name.startswith("RETENTION_"):
        return settings.RETENTION_DAYS[name.removeprefix("RETENTION_").removesuffix("_DAYS").lower()]
    return getattr(settings, name)


def rules() -> dict[str, Rule]:
    """By name, in the order of settings.RULES."""
    tables: Iterable[list[Rule]] = map(import_string, settings.RULES)
    return {rule.name: rule for table in tables for rule in table}
