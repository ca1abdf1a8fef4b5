"""allauth's second factor forms (MFA_FORMS) with Chinese labels and a numeric keypad."""

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import single_use


class CodeInOurWords:
    label = _("动态口令（六位数字）")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.max_length = self.label, 12
        field.error_messages["required"] = _("请填写应用里现在显示的六位数字。")
        field.widget.attrs = {"inputmode": "numeric", "autocomplete": "one-time-code"}


class ActivateForm(CodeInOurWords, totp.ActivateTOTPForm):
    def clean_code(self) -> str:
        code = super().clean_code()
        single_use.remember_first(self.secret, code)
        return code


class OnlyOnce(CodeInOurWords):
    label = _("动态口令或备用码")

    def clean_code(self) -> str:
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not single_use.accept(self.authenticator, code):
            raise ValidationError(_("这个动态口令用过了。请等手机上换成下一个，再输。"))
        return code


class AuthenticateForm(OnlyOnce, base.AuthenticateForm):
    pass


class ReauthenticateForm(OnlyOnce, base.ReauthenticateForm):
    pass
