"""Forms: the file, and the confirmation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.models import SheetUpload
from portal.ui.errors import RuleBroken
from portal.ui.forms import Form, KeyedForm
from portal.ui.sheets import gate


class UploadForm(KeyedForm):
    sheet = forms.FileField(
        label=gettext_lazy("填好的表"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("xlsx 或 csv，不超过 10 MB、10万行。传上来先看预览，还不会导入。"),
    )

    def clean_sheet(self):
        upload = self.cleaned_data["sheet"]
        try:
            if upload.size > gate.MAX_BYTES:
                raise RuleBroken(_("文件超过 %(most)d MB，请分成几份。"), code="too_big", most=gate.MAX_BYTES >> 20)
            gate.kind_of(upload.read(), upload.name)
        except RuleBroken as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None
        upload.seek(0)
        return upload


class ConfirmForm(Form):
    """Nothing but a tap."""


class ConfirmPeopleForm(ConfirmForm):
    """A role opens other people's data."""

    checked = forms.BooleanField(label=gettext_lazy("我照原表一行一行核对过：号码是本人的，角色也对"))


class ConfirmFamiliesForm(ConfirmForm):
    """A family link opens somebody's bookings."""

    checked = forms.BooleanField(label=gettext_lazy("我照原表一行一行核对过：号码是本人的，家人也对"))


def confirmation(kind: str, data=None) -> ConfirmForm:
    forms_of = {SheetUpload.Kind.PEOPLE: ConfirmPeopleForm, SheetUpload.Kind.RESIDENTS: ConfirmFamiliesForm}
    return forms_of.get(SheetUpload.Kind(kind), ConfirmForm)(data)
