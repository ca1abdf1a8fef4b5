"""The look-up form for bookings."""

from django.utils.translation import gettext_lazy as _

from portal.ui.forms import CodeField, Form, PhoneField


class LookUpForm(Form):
    """A phone number and the six digits that were given for it."""

    phone = PhoneField(label=_("当时留的电话"))
    code = CodeField(label=_("预约码或办件码"), help_text=_("六位数字，写在预约单和回执上。候补码也填在这里。"))
