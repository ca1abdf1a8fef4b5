"""A rule's value in words."""

from typing import Any

from django.utils.translation import gettext as _

from centers.rules.declared import MINUTES, Kind, Rule


def in_words(rule: Rule, value: Any) -> str:
    match rule.kind:
        case Kind.FLAG:
            return _("开着") if value else _("关着")
        case Kind.CHOICES:
            labels = [str(label) for option, label in rule.options if option in value]
            return _("、").join(labels) or _("都没有")
        case Kind.NUMBERS:
            return _("、").join(_with_unit(rule, one) for one in value) or _("都没有")
        case Kind.SPAN:
            if value[0] == value[1]:
                return _with_unit(rule, value[0])
            return _("%(first)s到%(last)s") % {"first": value[0], "last": _with_unit(rule, value[1])}
    return _with_unit(rule, value)


def _with_unit(rule: Rule, number: int) -> str:
    if rule.unit == MINUTES and number and number % 1440 == 0:
        return _("%(number)s天") % {"number": number // 1440}
    if rule.unit == MINUTES and number and number % 60 == 0:
        return _("%(number)s小时") % {"number": number // 60}
    return f"{number}{rule.unit}"
