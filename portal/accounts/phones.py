"""The form field for a mobile number to sign in with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import mobile_number
from portal.ui import numbers


class PhoneField(forms.CharField):
    """A mainland mobile number; cleans to eleven digits."""

    default_validators = [mobile_number]

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("手机号"))
        # Leaves room for spaces and a country code; the validator checks the digits.
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def to_python(self, value) -> str:
        return numbers.canonical(super().to_python(value) or "")

    def widget_attrs(self, widget) -> dict:
        return super().widget_attrs(widget) | {"inputmode": "tel", "autocomplete": "tel"}
