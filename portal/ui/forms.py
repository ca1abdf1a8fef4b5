"""Form fields that normalise what people type, with Chinese error messages.

Pasted text has invisible characters, input methods produce full-width digits, and attackers try bidi marks. All text
fields of ours pass through `clean_text`.
"""

import re
import unicodedata
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.ui import dates, kept, words
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import KeyReused, new_key

# Not NFKC, which would also change Chinese punctuation and circled numbers.
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH |= {0x3000: 0x20, 0xFF0B: 0x2B, 0xFF0D: 0x2D, 0xFF20: 0x40, 0xFF0E: 0x2E, 0xFF3F: 0x5F}


NAME, PHONE, CODE = _("姓名"), _("手机号"), _("预约码")


def clean_text(value: str, *, lines: bool = False) -> str:
    """Normalised text: NFC, half-width digits and letters, one line unless `lines`, no invisible characters.

    Raises ValidationError for a lone surrogate, which cannot be encoded as UTF-8.
    """
    if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise ValidationError(_("里面有认不出的字符。请删掉最后几个字，重新输入。"), code="unreadable")
    text = unicodedata.normalize("NFC", value).translate(_FULL_WIDTH)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(character for character in text if character == "\n" or _visible(character))
    if lines:
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+", " ", text)).strip()
    return re.sub(r"\s+", " ", text).strip()


def _visible(character: str) -> bool:
    """Not a control, format (zero-width, bidi) or noncharacter.

    Private-use and unassigned code points are allowed: rare characters of real names use them.
    """
    number = ord(character)
    if number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF:
        return False
    return character == "\t" or unicodedata.category(character) not in ("Cc", "Cf")


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
    """A person's name: 2 to 30 Chinese characters or letters, with middle dots as in 买买提·艾力."""

    default_error_messages = {
        "required": _("请填写姓名。"),
        "name": _("姓名请写2到30个字，用汉字或字母，例如：张秀兰。"),
    }

    def __init__(self, *, label=NAME, **kwargs):
        super().__init__(label=label, max_length=30, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "name")

    def clean(self, value):
        # Input methods produce various dots; official registers use U+00B7.
        name = re.sub(r"\s*[•・‧∙⋅.]\s*(?=[^\W\d_])", "·", super().clean(value) or "")
        name = re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", name)
        if name and (len(name) < 2 or not _letter(name[0]) or not all(_letter(c) or c in "· '-་" for c in name)):
            raise ValidationError(self.error_messages["name"], code="name")
        return name


class PhoneField(TextField):
    """A mainland mobile number, or a landline with area code; cleans to digits only.

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
        digits = words.tel(typed)
        mobile = re.fullmatch(r"1[3-9]\d{9}", digits, re.ASCII)
        if self.mobile_only and not mobile:
            raise ValidationError(self.error_messages["mobile"], code="mobile")
        odd = re.search(r"[^\d\s()（）+\-–—]", typed)
        if odd or not (mobile or words.is_landline(digits)):
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
    """A date, typed in any of the usual ways (portal.ui.dates); shown as browsers take it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("日期请写成 2026-12-03 这样。")}

    def to_python(self, value):
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        if (day := dates.read(value)) is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
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


class KeyedForm(Once, Form):
    """`key` is given out with the empty form and comes back with every try."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)

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


def _letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or 0x20000 <= ord(character) <= 0x3FFFF
