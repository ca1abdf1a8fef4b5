"""Forms for opening hours, closures, and how people are told."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import KeptBooking
from centers.models import ClosureNotice, OpeningRule
from portal.notifications.channels import has_provider
from portal.notifications.models import Channel
from portal.ui.days import at
from portal.ui.forms import DayField, Form, ModelForm, TextField

MESSAGE, CALL = "message", "call"
FURTHEST = 400  # days
FAR = _("太远了：最多提前400天，请看看年份。")


class TellForm(Form):
    """How the people are told whose time is closed; shown on the page that names them."""

    tell = forms.ChoiceField(
        label=_("怎么告诉他们"),
        choices=[(MESSAGE, _("系统马上发消息，从里面能改时间或取消")), (CALL, _("我们自己打电话"))],
        initial=MESSAGE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_provider(Channel.SMS):
            # Nothing can be sent: do not offer it.
            self.fields["tell"].choices = [(CALL, _("我们自己打电话"))]
            self.fields["tell"].initial = CALL
            self.fields["tell"].help_text = _("这里还没有接通短信，要一个一个打电话。")

    @property
    def by_call(self) -> bool:
        return self.cleaned_data["tell"] == CALL


class KeepForm(Form):
    """How a displaced booking takes place all the same."""

    how = forms.ChoiceField(label=_("怎么照常办"), choices=KeptBooking.How, widget=forms.RadioSelect)


class HoursForm(ModelForm):
    """`seen`: what was stored when the page was made, so that of two people who change it the second is told."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = OpeningRule
        fields = [
            "weekday",
            "opens",
            "closes",
            "season_start",
            "season_end",
            "online_places",
            "desk_places",
            "walk_in_places",
        ]
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["opens"].help_text = _("能约的时间从整点和半点开始：8:10开门，第一个是8:30。")
        self.fields["season_start"].help_text = _("只在一年里的一段时间这样开，才填，例如 06-01 到 09-30。")
        self.initial["seen"] = stored(self.instance)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned["seen"] not in ("", stored(self.instance)):
            raise forms.ValidationError(_("这一段刚刚被别人改过或删了。请回到开放时间看看，再改。"))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The center is set by the view: without it the unique constraint would not be checked.
        return super()._get_validation_exclusions() - {"center"}


def stored(rule: OpeningRule) -> str:
    """Differs as soon as the stored rule is another than it was; empty for one that is not stored."""
    values = OpeningRule.objects.filter(pk=rule.pk).values_list(*HoursForm.Meta.fields).first()
    return "|".join(map(str, values or ()))


class ClosureForm(Form):
    """A closure from one time to another, both in local time."""

    first_date = DayField(label=_("从哪天"), within=FURTHEST, error_messages={"far": FAR})
    first_time = forms.TimeField(label=_("从几点"), widget=forms.TimeInput(attrs={"type": "time"}), initial=time(0))
    last_date = DayField(label=_("到哪天"), within=FURTHEST, error_messages={"far": FAR})
    last_time = forms.TimeField(
        label=_("到几点"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        required=False,
        help_text=_("不填，就是到这天结束。"),
    )
    reason = forms.ChoiceField(label=_("原因"), choices=ClosureNotice.Reason, widget=forms.RadioSelect)
    note = TextField(label=_("给群众的说明"), max_length=120, required=False, help_text=_("会写在中心的页面上。"))

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        starts, ends = self._moment("first"), self._moment("last")
        if ends <= starts:
            self.add_error("last_date", _("结束时间要晚于开始时间。"))
        elif ends <= timezone.now():
            self.add_error("last_date", _("这段时间已经过去了，不用再停开。"))
        return cleaned | {"starts_at": starts, "ends_at": ends}

    def _moment(self, which: str) -> datetime:
        day: date = self.cleaned_data[f"{which}_date"]
        clock: time | None = self.cleaned_data[f"{which}_time"]
        return at(day, clock) if clock is not None or which == "first" else at(day + timedelta(days=1), time(0))
