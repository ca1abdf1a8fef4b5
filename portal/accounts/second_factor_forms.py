"""allauth's second factor forms (MFA_FORMS) with Chinese labels and a numeric keypad."""

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _


class CodeInOurWords:
    label = _("动态口令（六位数字）")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.max_length = self.label, 12
        field.error_messages["required"] = _("请填写应用里现在显示的六位数字。")
        field.widget.attrs = {"inputmode": "numeric", "autocomplete": "one-time-code"}


class ActivateForm(CodeInOurWords, totp.ActivateTOTPForm):
    pass


class AuthenticateForm(CodeInOurWords, base.AuthenticateForm):
    label = _("动态口令或备用码")


class ReauthenticateForm(CodeInOurWords, base.ReauthenticateForm):
    label = _("动态口令或备用码")
