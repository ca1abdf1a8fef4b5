"""Forms: the file, and the confirmation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    """`checked`: a role opens other people's data, and a family link somebody's bookings."""

    checked = forms.BooleanField(label=gettext_lazy("我照原表一行一行核对过：号码是本人的，角色和家人也对"))

    def __init__(self, *args, names_people: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not names_people:
            del self.fields["checked"]
