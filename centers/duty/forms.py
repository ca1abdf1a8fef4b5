"""Forms for a half day, a staff member, a leave and a swap."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centers.days.half_days import EVENING, MORNING
from centers.duty import leave_levels
from centers.models import DutyShift, Part, Staff
from portal.accounts.models import User
from portal.ui import words
from portal.ui.forms import DayField, Form, ModelForm, NameField, PhoneField, TextField

FURTHEST = leave_levels.LONGEST


class HalfDayForm(Form):
    """Assigns the posts of a half day. `seen` is the roster revision that the page shows (optimistic locking)."""

    kind = forms.ChoiceField(label=_("坐班还是值班"), choices=DutyShift.Kind, widget=forms.RadioSelect)
    leader = forms.ModelChoiceField(Staff.objects.none(), label=_("带班"), required=False, empty_label=_("不安排"))
    main = forms.ModelChoiceField(Staff.objects.none(), label=_("主班"), required=False, empty_label=_("不安排"))
    backup = forms.ModelChoiceField(
        Staff.objects.none(), label=_("副班（AB岗）"), required=False, empty_label=_("不安排")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)

    def __init__(self, data=None, *, staff, away: set[int] = frozenset(), **kwargs):
        super().__init__(data, **kwargs)
        for position in DutyShift.Position.values:
            field = self.fields[position]
            field.queryset = staff.filter(can_lead=True) if position == DutyShift.Position.LEADER else staff
            field.label_from_instance = lambda person: self._said(person, away)

    @property
    def people(self) -> dict[str, Staff | None]:
        return {position: self.cleaned_data[position] for position in DutyShift.Position.values}

    @staticmethod
    def _said(person: Staff, away: set[int]) -> str:
        return str(_("%(name)s（请假）") % {"name": person.name}) if person.pk in away else person.name


class StaffForm(ModelForm):
    name = NameField()
    phone = PhoneField(label=_("电话"), required=False)

    class Meta:
        model = Staff
        fields = [
            "name",
            "title",
            "post_type",
            "phone",
            "is_phone_public",
            "can_lead",
            "takes_turns",
            "user",
            "left_on",
        ]
        field_classes = {"left_on": DayField}

    def __init__(self, *args, accounts, **kwargs):
        super().__init__(*args, **kwargs)
        # The current account stays selectable even if its role at the center was revoked.
        self.fields["user"].queryset = User.objects.filter(
            Q(pk__in=accounts.values("pk")) | Q(pk=self.instance.user_id)
        ).order_by("name", "pk")
        self.fields["user"].empty_label = _("没有账号")
        self.fields["user"].help_text = _("有账号的人能看自己的班、请假、换班。")
        self.fields["left_on"].help_text = _("离岗的人不再排班，以前的班留着。在岗的不填。")
        if not self.instance.pk:
            del self.fields["left_on"]


class LeaveForm(Form):
    """A leave from one half day to another, both included."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label=_("谁请假"), empty_label=None)
    first_date = DayField(label=_("从哪天"), within=FURTHEST)
    first_part = forms.ChoiceField(label=_("从什么时候"), choices=[(MORNING, _("上午起")), ("afternoon", _("下午起"))])
    last_date = DayField(label=_("到哪天"), within=2 * FURTHEST)
    last_part = forms.ChoiceField(
        label=_("到什么时候"), choices=[(EVENING, _("这天结束")), (MORNING, _("上午为止"))], initial=EVENING
    )
    reason = TextField(label=_("事由"), max_length=120, required=False)

    def __init__(self, data=None, *, staff, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["staff"].queryset = staff


class RefusalForm(Form):
    refusal = TextField(label=_("为什么不同意"), max_length=120, help_text=_("请假的人会看到。"))


class SwapForm(Form):
    """Who takes over the shift, and which of their shifts is given in return."""

    taker = forms.ModelChoiceField(Staff.objects.none(), label=_("请谁来顶"), empty_label=_("请选一个人"))
    in_return = forms.ModelChoiceField(
        DutyShift.objects.none(),
        label=_("我替他（她）上哪个班"),
        required=False,
        empty_label=_("先不换回，算他（她）帮忙"),
    )
    reason = TextField(label=_("事由"), max_length=120, required=False)

    def __init__(self, data=None, *, staff, shifts, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["taker"].queryset = staff
        self.fields["in_return"].queryset = shifts
        self.fields["in_return"].label_from_instance = shift_label

    def clean(self):
        cleaned = super().clean()
        given = cleaned.get("in_return")
        if given and cleaned.get("taker") and given.staff_id != cleaned["taker"].pk:
            self.add_error("in_return", _("这个班不是他（她）的。请另选一个，或者先不换回。"))
        return cleaned


def shift_label(shift: DutyShift) -> str:
    return f"{shift.staff.name} {words.plain_day(shift.date)}{Part(shift.part).label} {shift.get_position_display()}"
