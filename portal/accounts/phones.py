"""Normalising mobile numbers, and a form field for them."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import mobile_number

_BETWEEN_DIGITS = re.compile(r"[\s\-()·.]+")
_COUNTRY_CODE = re.compile(r"^(\+|00)?86(?=1\d{10}$)")


def normalise(text: str) -> str:
    """`+86 138-0000-5678` or `１３８００００５６７８` as `13800005678`; other text is returned without separators."""
    compact = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return _COUNTRY_CODE.sub("", compact)


class PhoneField(forms.CharField):
    """A mainland mobile number; cleans to eleven digits."""

    default_validators = [mobile_number]

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("手机号"))
        # Leaves room for spaces and a country code; the validator checks the digits.
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def to_python(self, value) -> str:
        return normalise(super().to_python(value) or "")

    def widget_attrs(self, widget) -> dict:
        return super().widget_attrs(widget) | {"inputmode": "tel", "autocomplete": "tel"}
