"""The form that changes one rule: its field depends on the rule's kind."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.models import Division
from centers.rules.declared import Kind, Rule, rules
from centers.rules.reading import Place, value
from portal.ui.forms import DayField, KeyedForm, TextField

A_YEAR = 366
OWN, AS_ABOVE = "own", "above"
_BETWEEN = re.compile(r"[^\w.]+")  # whatever stands between two numbers


class NumbersField(TextField):
    """Whole numbers with anything usual between them; `exactly` so many, or up to `most`. Returns a list."""

    def __init__(self, *, low: int, high: int, most: int, exactly: int = 0, **kwargs):
        self.low, self.high, self.most, self.exactly = low, high, most, exactly
        super().__init__(max_length=60, **kwargs)

    def prepare_value(self, value):
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value):
        parts = [part for part in _BETWEEN.split(super().to_python(value) or "") if part]
        if not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in parts):
            raise ValidationError(_("请只写整数，中间用顿号隔开，例如：1440、120。"), code="invalid")
        numbers = [int(part) for part in parts]
        if any(not self.low <= number <= self.high for number in numbers):
            raise ValidationError(
                _("每个数请在%(low)d到%(high)d之间。") % {"low": self.low, "high": self.high}, code="range"
            )
        if self.exactly and len(numbers) != self.exactly:
            raise ValidationError(_("请写两个数，先小后大，例如：60、300。"), code="number")
        if len(numbers) > self.most:
            raise ValidationError(_("最多写%(most)d个数。") % {"most": self.most}, code="number")
        if self.exactly and numbers != sorted(numbers):
            raise ValidationError(_("请把小的写在前面。"), code="order")
        return numbers if self.exactly else sorted(set(numbers), reverse=True)

    def validate(self, value):
        pass  # an empty list is a value


class ChangeForm(KeyedForm):
    """`value` is None after cleaning where the division follows the one above."""

    whose = forms.ChoiceField(label=gettext_lazy("按谁的"), widget=forms.RadioSelect)
    valid_from = DayField(label=gettext_lazy("从哪天起"), within=A_YEAR, help_text=gettext_lazy("今天或以后的一天。"))
    reason = TextField(
        label=gettext_lazy("为什么改"), max_length=200, help_text=gettext_lazy("例如：县里开会定的。以后查得到。")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    field_order = ("whose", "value", "valid_from", "reason")

    def __init__(self, data=None, *, rule: Rule, place: Division | None, seen: int = 0, **kwargs):
        self.rule, self.place = rule, place
        now = value(rule.name, place)
        initial = {"whose": OWN, "value": now, "valid_from": timezone.localdate(), "seen": seen}
        self.base_fields = {**self.base_fields, "value": field_of(rule)}  # so that it gets our error messages
        super().__init__(data, initial=initial, **kwargs)
        own = _("%(place)s自己定") % {"place": place} if place else _("全站定一个")
        above = _("跟上一级一样") if place else _("跟安装时定的一样")
        self.fields["whose"].choices = [(OWN, own), (AS_ABOVE, above)]
        self.order_fields(self.field_order)

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise ValidationError(_("过去的日子不能改。请选今天或以后。"), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("whose") == AS_ABOVE:
            self.errors.pop("value", None)
            cleaned["value"] = None
        elif "value" in cleaned and "valid_from" in cleaned:
            self.refuse(conflict(self.rule, cleaned["value"], self.place, cleaned["valid_from"]))
        return cleaned

    def refuse(self, why: str) -> None:
        if why:
            self.add_error("value", why)


class UndoForm(KeyedForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)


def field_of(rule: Rule) -> forms.Field:
    label = rule.title
    bounds = _("%(low)s到%(high)s") % {"low": rule.low, "high": f"{rule.high}{rule.unit}"}
    match rule.kind:
        case Kind.FLAG:
            choices = [(True, _("开着")), (False, _("关着"))]
            return forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=lambda given: given == "True",
                widget=forms.RadioSelect,
            )
        case Kind.CHOICES:
            return forms.MultipleChoiceField(
                label=label, choices=rule.options, widget=forms.CheckboxSelectMultiple, required=False
            )
        case Kind.SPAN:
            words = _("两个数，先小后大，每个%(bounds)s。") % {"bounds": bounds}
            return NumbersField(label=label, low=rule.low, high=rule.high, most=2, exactly=2, help_text=words)
        case Kind.NUMBERS:
            words = _("几个数，用顿号隔开，每个%(bounds)s。1440是一天，120是两小时。不填就是不提醒。") % {
                "bounds": bounds
            }
            return NumbersField(
                label=label, low=rule.low, high=rule.high, most=rule.most, required=False, help_text=words
            )
    return forms.IntegerField(
        label=label,
        min_value=rule.low,
        max_value=rule.high,
        help_text=_("填%(bounds)s。") % {"bounds": bounds},
    )


def conflict(rule: Rule, new: Any, place: Place, on: date) -> str:
    """Why the value does not go with another rule; empty if it does."""
    for name, fits in ((rule.at_most, int.__le__), (rule.at_least, int.__ge__)):
        if name and not fits(new, value(name, place, on)):
            other = rules()[name]
            return _("这和“%(other)s”对不上，那边是%(value)s。请先看看那一条。") % {
                "other": other.title,
                "value": f"{value(name, place, on)}{other.unit}",
            }
    return ""
