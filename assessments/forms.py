from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Level
from portal.ui.forms import CodeField, Form, LongTextField, PhoneField


class RatingForm(Form):
    """No level is preselected: an unchosen default would count as praise."""

    level = forms.TypedChoiceField(
        label=_("评价"), coerce=int, choices=Level.choices, error_messages={"required": _("请从五个里选一个。")}
    )
    comment = LongTextField(
        label=_("还想说点什么"),
        required=False,
        max_length=300,
        help_text=_("哪里好、哪里不好都可以写，最多300个字。窗口的人看不到是谁写的。"),
    )


class VisitForm(Form):
    """Identifies the visit by phone and code, for those who have the slip and not the message."""

    phone = PhoneField(label=_("约的时候留的电话"))
    code = CodeField(label=_("预约码"), help_text=_("六位数字，写在预约单上。"))
