"""Forms about one person at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.desk.forms import NewResidentForm
from centers.models import FamilyLink
from portal.ui.forms import Form, NameField, PhoneField


class CorrectionForm(NewResidentForm):
    """Name, number, group and remark of somebody who is listed."""


class FamilyForm(Form):
    """Who is to book for the person: both stand at the desk."""

    name = NameField(label=_("来登记的人的姓名"))
    phone = PhoneField(
        label=_("他（她）的手机号"), mobile_only=True, help_text=_("以后用这个号码登录，请当面看着手机核对。")
    )
    relation = forms.ChoiceField(label=_("是本人的什么人"), choices=[("", _("请选")), *FamilyLink.Relation.choices])
