"""Forms for what a center says of itself, its rooms, and the market days of a village."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from centers.models import Center, Division, MarketRule, Room
from centers.models.center import MOST_WINDOWS
from portal.ui.forms import Form, LongTextField, ModelForm, PhoneField, TextField

# In the order in which they are shown.
SAID = ["phone", "address", "directions", "windows", "board"]


class CenterForm(ModelForm):
    """`seen`: what was stored when the page was made, so that of two people who change it the second is told."""

    phone = PhoneField(label=_("电话"), required=False)
    board = LongTextField(
        label=_("通知"),
        max_length=300,
        required=False,
        help_text=_("写在中心的页面上，下面有日期和您的名字。不写就没有。"),
    )
    windows = forms.IntegerField(
        label=_("有几个窗口"), min_value=1, max_value=MOST_WINDOWS, help_text=_("叫号时从这几个里选。")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Center
        fields = SAID

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["directions"].help_text = _("给第一次来的人看，例如：村口加油站往北200米，红房子。")


class RoomForm(ModelForm):
    class Meta:
        model = Room
        fields = ["name", "functions", "seats", "area", "is_public"]
        widgets = {"functions": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seats"].max_value = 5000
        self.fields["functions"].label = _("派什么用（可以选几个）")

    def _get_validation_exclusions(self) -> set[str]:
        # The center is set by the view: without it the unique constraint would not be checked.
        return super()._get_validation_exclusions() - {"center"}


class MarketForm(Form):
    """A market rule as people say it: 农历逢三、八 is typed as 3 8, 3,8 or 3、8."""

    division = forms.ModelChoiceField(Division.objects.none(), label=_("哪个村"), empty_label=None)
    calendar = forms.ChoiceField(label=_("按什么算"), choices=MarketRule.Calendar, widget=forms.RadioSelect)
    digits = TextField(label=_("逢几"), max_length=30, help_text=_("逢三、八写 3 8，逢十写 0；按星期写 1 到 7。"))

    def __init__(self, *args, divisions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = divisions
        self.fields["division"].label_from_instance = lambda division: division.short_name

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        digits = re.findall(r"\d+", cleaned["digits"])
        allowed = "1234567" if cleaned["calendar"] == MarketRule.Calendar.WEEK else "0123456789"
        if not digits or any(one not in allowed for one in digits) or re.search(r"[^\d\s,，、.]", cleaned["digits"]):
            said = _("请写数字，例如 3 8。按星期的写 1 到 7，按日子的写 0 到 9。")
            raise forms.ValidationError({"digits": said})
        return cleaned | {"digits": ",".join(sorted(set(digits)))}
