"""Forms of one's own account."""

from django.utils.translation import gettext_lazy as _

from portal.ui.forms import CodeField, Form, PhoneField


class NumberForm(Form):
    """Which number."""

    phone = PhoneField(label=_("新的手机号"), mobile_only=True)


class NumberCodeForm(Form):
    """The code that was sent to it."""

    code = CodeField(
        label=_("短信里的六位验证码"),
        error_messages={"required": _("请填写短信里的六位数字。"), "code": _("验证码是六位数字，请照着短信再输一遍。")},
    )
