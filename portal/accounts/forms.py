"""Sign-in forms that replace allauth's (ACCOUNT_FORMS)."""

import time
import unicodedata

from allauth.account import forms as allauth
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portal.accounts import codes, invitations
from portal.accounts.adapter import CODE_IN_SESSION
from portal.accounts.models import LoginCode, User
from portal.ui.forms import Form, TextField

FRESH_CODE_SECONDS = 10 * 60
login_name = RegexValidator(r"\A[A-Za-z][A-Za-z0-9]*\Z", _("登录名只用字母和数字，以字母开头，例如 wanghong88。"))


class LoginForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.max_length = _("登录名或手机号"), 60
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        login.error_messages["required"] = _("请填写登录名或手机号。")
        password.label, password.help_text = _("密码"), ""
        password.widget.attrs = {"autocomplete": "current-password"}
        password.error_messages["required"] = _("请填写密码。")


class RequestCodeForm(allauth.RequestLoginCodeForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].error_messages["required"] = _("请填写手机号。")


class ConfirmCodeForm(forms.Form):
    """Verifies the code. The view passes the phone that this session requested a code for."""

    code = forms.CharField(
        label=_("短信里的六位验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("请填写短信里的六位数字。")},
    )

    def __init__(self, *args, code: str = "", phone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.phone = phone

    def clean_code(self) -> str:
        guess = "".join(unicodedata.normalize("NFKC", self.cleaned_data["code"]).split())
        right = codes.verify(
            pk=context.request.session.get(CODE_IN_SESSION),
            phone=self.phone,
            purpose=LoginCode.Purpose.SIGN_IN,
            guess=guess,
        )
        if not right:
            raise forms.ValidationError(
                _("验证码不对或已失效。请照着短信再输一遍；试过五次后请重新获取。"), code="wrong_code"
            )
        return guess


class ChangePasswordForm(allauth.ChangePasswordForm):
    """After signing in by SMS code the old password is not asked for: it may have been forgotten."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if _came_in_by_code(self.user):
            del self.fields["oldpassword"]
        _label_new_password(self)


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _label_new_password(self)


class SlipForm(Form):
    """The code of an invitation slip, for somebody who cannot scan it."""

    code = TextField(
        label=_("邀请单上的号码"),
        max_length=30,
        help_text=_("十位字母和数字，大写小写都可以。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("请填写邀请单上的号码。")},
    )


class InvitedForm(SetPasswordForm):
    """Who comes with a slip sets a password; who has nothing to sign in with, also a login name."""

    username = forms.CharField(
        label=_("登录名"),
        min_length=4,
        max_length=20,
        help_text=_("四到二十个字母或数字，以后用它登录，例如姓名的拼音。"),
        validators=[login_name],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("请起一个登录名。"),
            "min_length": _("登录名至少四个字母或数字。"),
            "max_length": _("登录名最多二十个字母或数字。"),
        },
    )
    field_order = ("username", "password1", "password2")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if invitations.has_login_name(self.user):
            del self.fields["username"]
        for name, sentence in {"password1": _("请设一个密码。"), "password2": _("请把密码再输一遍。")}.items():
            self.fields[name].error_messages["required"] = sentence

    def clean_username(self) -> str:
        name = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=name).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(_("这个登录名有人用了，请换一个，比如后面加上村名的拼音。"), code="taken")
        return name

    def save(self) -> None:
        if name := self.cleaned_data.get("username"):
            self.user.username = name
            self.user.save(update_fields=["username"])
        super().save()


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


def _came_in_by_code(user) -> bool:
    since = time.time() - FRESH_CODE_SECONDS
    records = get_authentication_records(context.request, user)
    return any(record["method"] == "code" and record["at"] > since for record in records)


def _label_new_password(form: forms.Form) -> None:
    labels = {"oldpassword": _("现在的密码"), "password1": _("新密码"), "password2": _("再输一遍新密码")}
    for name, label in labels.items():
        if field := form.fields.get(name):
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            field.help_text = (
                _("至少十位，不要全是数字，也不要在常见的词后面加几个数字。") if name == "password1" else ""
            )
