"""Forms of one's own account."""

from django import forms
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


class EraseForm(Form):
    """The end of an account. `asks`: something lies ahead; `version`: of what the page has shown."""

    CANCEL, KEEP = "cancel", "keep"
    ahead = forms.ChoiceField(
        label=_("约好的和候补的怎么办"),
        choices=[(CANCEL, _("都取消，位子让给别人")), (KEEP, _("留着，我照样来；办完以后再清除姓名电话"))],
        widget=forms.RadioSelect,
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    sure = forms.BooleanField(label=_("我知道注销以后不能恢复"))

    def __init__(self, *args, asks: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["ahead"]
