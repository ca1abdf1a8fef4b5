"""Forms for callers and visitors at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Channel
from centers.people.forms import HelperForm, party_size_field
from portal.ui.forms import Form, KeyedForm, NameField, PhoneField, TextField


class NewResidentForm(Form):
    """A person who is not yet in the list of residents."""

    name = NameField(label=_("姓名"))
    phone = PhoneField(label=_("电话"), required=False, help_text=_("没有电话的，填家人或邻居的，也可以不填。"))
    villager_group = TextField(label=_("村民小组"), max_length=30, required=False)
    remark = TextField(
        label=_("怎么分清"),
        max_length=30,
        required=False,
        help_text=_("同名又没有电话的，写一句分得清的话，例如：东头老李家的。"),
    )


class DeskBookingForm(KeyedForm, HelperForm):
    """When, how it was asked for, and who asked if it was somebody else."""

    slot = forms.IntegerField(
        min_value=1, max_value=2**62, error_messages={"required": _("请选一个时间。"), "invalid": _("请选一个时间。")}
    )
    channel = forms.ChoiceField(
        label=_("怎么来约的"),
        choices=[(Channel.PHONE, _("打电话来的")), (Channel.DESK, _("人在窗口"))],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    phone = PhoneField(
        label=_("联系电话"), required=False, help_text=_("有变动，用这个号码告诉本人。没有就不填，打印预约单。")
    )
    contact_name = NameField(label=_("替他（她）约的人"), required=False, help_text=_("本人约的不用填。"))
    party_size = party_size_field()
    note = TextField(label=_("备注"), max_length=200, required=False)
    nobody = _("本人约的，不用选")
    field_order = ("slot", "channel", "phone")

    @property
    def asks_more(self) -> bool:
        """Whether the folded part is shown open: it has input or errors."""
        folded = ("contact_name", "relation", "party_size", "note")
        return any(self[name].errors or self[name].value() not in (None, "", "1", 1) for name in folded)

    def clean(self):
        chosen = self.cleaned_data.get("relation")
        cleaned = super().clean()
        if chosen and not cleaned.get("contact_name") and "contact_name" not in self.errors:
            self.add_error("contact_name", _("替别人约的，请写上来约的人的姓名。"))
        return cleaned


class CancelForm(Form):
    """Who cancels: the center must give a reason, the villager need not."""

    VILLAGER, CENTER = "villager", "center"
    by = forms.ChoiceField(
        label=_("谁要取消"),
        choices=[(VILLAGER, _("群众自己不来了")), (CENTER, _("中心这边办不了"))],
        widget=forms.RadioSelect,
    )
    reason = TextField(label=_("原因"), max_length=120, required=False, help_text=_("中心取消的要写，群众会看到。"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("by") == self.CENTER and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("中心取消的，请写上原因，好跟群众说清楚。"))
        return cleaned
