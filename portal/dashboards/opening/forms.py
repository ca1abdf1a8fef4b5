"""Forms of the pages that open centers and set the hours of many."""

from collections.abc import Collection

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from centers.models import Center, DefaultHours, Division, OpeningRule
from centers.models.default_hours import PARTS
from portal.ui.forms import Form, ModelForm


class ByVillage(forms.ModelMultipleChoiceField):
    """Ticks; what is not among the rows any more is left out, because somebody else has settled it meanwhile."""

    widget = forms.CheckboxSelectMultiple

    def _check_values(self, value) -> QuerySet:
        known = {str(pk) for pk in self.queryset.values_list("pk", flat=True)}
        return super()._check_values([one for one in value if str(one) in known])


class OpenForm(Form):
    village = ByVillage(
        label=_("给哪些村（社区）开通"),
        queryset=Division.objects.none(),
        error_messages={"required": _("请至少勾一个村。已经开通的不用再勾。")},
    )

    def __init__(self, *args, villages: QuerySet[Division], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages

    def clean_village(self) -> list[Division]:
        return _some(self.cleaned_data["village"], _("勾的村都已经开通了，没有再做什么。"))


class CentersForm(Form):
    center = ByVillage(
        label=_("哪些中心"),
        queryset=Center.objects.none(),
        error_messages={"required": _("请至少勾一个中心。")},
    )

    def __init__(self, *args, centers: QuerySet[Center], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["center"].queryset = centers
        self.fields["center"].label_from_instance = lambda center: center.division.short_name

    def clean_center(self) -> list[Center]:
        return _some(self.cleaned_data["center"], _("勾的中心都不在了，没有改什么。请再选一次。"))


class WeekForm(ModelForm):
    """A week of up to three periods a day. `seen`: what was stored when the form was made."""

    weekdays = forms.MultipleChoiceField(
        label=_("哪几天开门"), choices=OpeningRule.Weekday.choices, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = DefaultHours
        fields = [
            "weekdays",
            *(f"{part}_{end}" for part in PARTS for end in ("opens", "closes")),
            "online_places",
            "desk_places",
            "walk_in_places",
        ]
        widgets = {
            f"{part}_{end}": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for part in PARTS
            for end in ("opens", "closes")
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["weekdays"] = list(self.instance.weekdays)
        self.fields["morning_opens"].help_text = _("这一段不开，就两个都空着。")

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))


def _some(found: Collection, sentence) -> list:
    if not (chosen := list(found)):
        raise forms.ValidationError(sentence)
    return chosen
