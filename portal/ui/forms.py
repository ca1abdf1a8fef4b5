"""Form fields that normalise what people type, with Chinese error messages.

Pasted text has invisible characters, input methods produce full-width digits, and attackers try bidi marks. All text
fields of ours pass through `clean_text`.
"""

import re
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.ui import dates, kept, names, numbers, words
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import KeyReused, key_of, new_key
from portal.ui.text import clean_text

NAME, PHONE, CODE = _("姓名"), _("手机号"), _("预约码")


class CleanText:
    """Mixin for CharField: normalises before validation; Chinese message for text that is too long."""

    lines = False

    def to_python(self, value):
        return super().to_python(clean_text(str(value), lines=self.lines) if value not in self.empty_values else value)


class TextField(CleanText, forms.CharField):
    """One line of text, up to 100 characters by default."""

    def __init__(self, *, max_length=100, **kwargs):
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["max_length"] = _("写得太长了，最多%(limit_value)d个字，现在是%(show_value)d个字。")


class LongTextField(TextField):
    """Multi-line text, up to 1000 characters by default."""

    lines = True
    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, max_length=1000, **kwargs):
        super().__init__(max_length=max_length, **kwargs)


class NameField(TextField):
    """A person's name as `portal.ui.names` spells it: 1 to 40 characters or letters, with dots as in 买买提·艾力."""

    default_error_messages = {
        "required": _("请填写姓名。"),
        "name": _("姓名请用汉字或字母写，例如：张秀兰。"),
    }

    def __init__(self, *, label=NAME, **kwargs):
        super().__init__(label=label, max_length=names.LONGEST, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "name")

    def to_python(self, value):
        return names.clean(super().to_python(value) or "")

    def clean(self, value):
        name = super().clean(value)
        if name and not names.is_name(name):
            raise ValidationError(self.error_messages["name"], code="name")
        return name


class PhoneField(TextField):
    """A number as `portal.ui.numbers` spells it, digits only.

    Accepts spaces, dashes, full-width digits and +86. `mobile_only` when it must receive SMS.
    """

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    default_error_messages = {
        "required": _("请填写电话号码。"),
        "phone": _("号码好像不对。手机号是11位数字，例如 138 0000 5678；座机请带区号，例如 0571-8888 6666。"),
        "mobile": _("请填写手机号：11位数字，以1开头，例如 138 0000 5678。"),
    }

    def __init__(self, *, label=PHONE, mobile_only=False, **kwargs):
        self.mobile_only = mobile_only
        super().__init__(label=label, max_length=30, **kwargs)

    def prepare_value(self, value):
        return words.phone(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return ""
        digits = numbers.canonical(typed)
        if self.mobile_only and not numbers.is_mobile(digits):
            raise ValidationError(self.error_messages["mobile"], code="mobile")
        if not numbers.is_number(digits):
            raise ValidationError(self.error_messages["phone"], code="phone")
        return digits


class CodeField(TextField):
    """The six-digit code of a booking, with or without a space in the middle."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
    default_error_messages = {
        "required": _("请填写6位数字。"),
        "code": _("这里是6位数字，例如 482 913，写在预约单上。"),
    }

    def __init__(self, *, label=CODE, **kwargs):
        super().__init__(label=label, max_length=20, **kwargs)

    def prepare_value(self, value):
        return words.code(value) if isinstance(value, str) else value

    def clean(self, value):
        digits = re.sub(r"[\s-]", "", super().clean(value) or "")
        if digits and not re.fullmatch(r"\d{6}", digits, re.ASCII):
            raise ValidationError(self.error_messages["code"], code="code")
        return digits


class DayField(forms.DateField):
    """A date, typed in any of the usual ways (portal.ui.dates); shown as browsers take it.

    `within`: how many days before and after today it may be, for what is planned or reported.
    """

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "invalid": _("日期请写成 2026-12-03 这样。"),
        "far": _("日期太远了。请看看年份对不对。"),
    }

    def __init__(self, *, within: int | None = None, **kwargs):
        self.within = within
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        if (day := dates.read(value)) is None:
            code = "far" if dates.is_far(value) else "invalid"
            raise ValidationError(self.error_messages[code], code=code)
        if self.within is not None and abs((day - timezone.localdate()).days) > self.within:
            raise ValidationError(self.error_messages["far"], code="far")
        return day

    def prepare_value(self, value):
        day = dates.read(value) if isinstance(value, str) else None
        return day.isoformat() if day else value


class TakesKeptText:
    """Mixin for forms: shown again after a sign-in, the form has what was typed into it (portal.ui.kept)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept.fill(self)


class OurErrorMessages(TakesKeptText):
    """Mixin for forms: Chinese error messages that name the label, and `clean_text` on all text fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _use_our_error_messages(field)
            # Fields generated from a model lack clean_text; passwords stay as typed.
            if type(field) is forms.CharField and not isinstance(field.widget, forms.PasswordInput):
                field.to_python = partial(_cleaned, field.to_python, lines=isinstance(field.widget, forms.Textarea))


class Form(OurErrorMessages, forms.Form):
    """Base of our forms."""


class Once:
    """Mixin for forms with an idempotency key and `renew_key`: each makes something once."""

    def refuse(self, refusal: RuleBroken) -> None:
        """Show why. A key that has made something else is given up: what is typed now is a new form."""
        if refusal.code == KeyReused.code:
            self.renew_key()
        refusal.add_to(self)


class KeyField(forms.Field):
    """An idempotency key. One that is not of our form is no key: it is replaced by a new one."""

    widget = forms.HiddenInput

    def to_python(self, value):
        return value if value in self.empty_values else key_of(value)


class KeyedForm(Once, Form):
    """`key` is given out with the empty form and comes back with every try."""

    key = KeyField(initial=new_key)

    def renew_key(self) -> None:
        self.data = self.data.copy()
        self.data["key"] = new_key()


class ModelForm(OurErrorMessages, forms.ModelForm):
    """Base of our forms over a model."""


def _use_our_error_messages(field: forms.Field) -> None:
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    ask = _("请选择{label}。") if chosen else _("请填写{label}。")
    if isinstance(field, forms.BooleanField):
        ask = _("请先打勾：{label}。")
    ours = {
        "required": format_lazy(ask, label=field.label) if field.label else _("请填写这一项。"),
        "invalid_choice": _("选的这一项现在不能用了，请另选一个。"),
    }
    for key, message in ours.items():
        # Replace Django's default message only, not one that the form defines.
        if field.error_messages.get(key) in _DJANGO_SENTENCES:
            field.error_messages[key] = message


_DJANGO_SENTENCES = [
    forms.Field.default_error_messages["required"],
    forms.ChoiceField.default_error_messages["invalid_choice"],
    forms.ModelChoiceField.default_error_messages["invalid_choice"],
]


def _cleaned(to_python, value, *, lines: bool):
    return to_python(clean_text(value, lines=lines) if isinstance(value, str) else value)
