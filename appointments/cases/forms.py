"""Forms to open a case and for each of its steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.cases import services as cases
from appointments.cases.models import Case, CasePause, Outcome, Source
from appointments.cases.models.stages import CaseStage
from centers.people.forms import HelperForm
from portal.ui.forms import DayField, Form, KeyedForm, NameField, PhoneField, TextField

FURTHEST = 400  # days; the longest period by law is of months


class OpenCaseForm(KeyedForm, HelperForm):
    """The checklist and how the matter came."""

    there = forms.MultipleChoiceField(
        label=_("收到的材料，到了的打勾"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = forms.ChoiceField(
        label=_("怎么来的"),
        choices=[choice for choice in Source.choices if choice[0] != Source.APPOINTMENT],
        initial=Source.WALK_IN,
        widget=forms.RadioSelect,
    )
    phone = PhoneField(
        label=_("联系电话"), required=False, help_text=_("有了结果，告诉这个号码。没有就不填，打印回执。")
    )
    contact_name = NameField(label=_("替他（她）来办的人"), required=False, help_text=_("本人来的不用填。"))
    backup = forms.ModelChoiceField(
        label=_("AB岗"), queryset=None, required=False, empty_label=_("先不定"), help_text=_("您不在的时候由他接手。")
    )
    nobody = _("本人，不用选")
    field_order = ("there", "source", "phone")

    def __init__(self, data=None, *, item, center, user, appointment=None, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["there"].choices = [(name, name) for name in dict.fromkeys(item.materials)]
        colleagues = cases.handlers_at(center).exclude(pk=user.pk)
        self.fields["backup"].queryset = colleagues
        self.fields["backup"].initial = colleagues.first()
        if not item.materials:
            del self.fields["there"]
        if appointment:
            del self.fields["source"]


class StepForm(Form):
    """Base of the step forms. `stage` is the pk of the open stage on the user's screen (optimistic locking)."""

    stage = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    def __init__(self, data=None, *, case: Case, stage: CaseStage | None, user, **kwargs):
        super().__init__(data, **kwargs)
        self.case = case
        self.fields["stage"].initial = stage.pk if stage else 0
        self.prepare(user)

    def prepare(self, user) -> None:
        """Hook for choices and initial values that depend on the case."""


class AcceptForm(StepForm):
    """Acceptance with documents to be handed in later (容缺受理)."""

    following = forms.MultipleChoiceField(
        label=_("哪些可以后补"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾不影响受理的。主要材料要先交齐。"),
    )

    def prepare(self, user) -> None:
        missing = self.case.materials.filter(there_at__isnull=True)
        self.fields["following"].choices = [(paper.pk, paper.name) for paper in missing]

    def clean_following(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["following"]]


class DepartmentForm(StepForm):
    office = TextField(label=_("送到哪个部门"), max_length=40, help_text=_("例如：县民政局、派出所、供电所。"))
    expected_on = DayField(label=_("他们说哪天办好"), within=FURTHEST, required=False)
    note = TextField(label=_("说明"), max_length=200, required=False)


class NoteForm(StepForm):
    note = TextField(label=_("说明"), max_length=200, required=False)


class ReturnForm(StepForm):
    reason = TextField(label=_("为什么退回"), max_length=200, help_text=_("写清楚要村里做什么，一次说完。"))


class PauseForm(StepForm):
    reason = forms.ChoiceField(label=_("为什么停"), choices=CasePause.Reason.choices, widget=forms.RadioSelect)
    evidence = TextField(
        label=_("凭据"), max_length=200, help_text=_("文书名称和编号、公示起止日期、本人签字等。群众会看到。")
    )


class TransferForm(StepForm):
    to = forms.ModelChoiceField(label=_("转给谁"), queryset=None, widget=forms.RadioSelect, empty_label=None)
    reason = TextField(label=_("为什么转"), max_length=120)

    def prepare(self, user) -> None:
        self.fields["to"].queryset = cases.handlers_at(self.case.center).exclude(pk=self.case.owner_id)


class TakeOverForm(StepForm):
    reason = TextField(label=_("为什么接手"), max_length=120, help_text=_("例如：经办人请假、去镇里开会。"))


class FinishForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[choice for choice in Outcome.choices if choice[0] != Outcome.WITHDRAWN],
        initial=Outcome.DONE,
        widget=forms.RadioSelect,
    )
    note = TextField(
        label=_("说明"), max_length=200, required=False, help_text=_("没有办成的，要写明原因。群众会看到。")
    )


class WithdrawForm(StepForm):
    note = TextField(label=_("群众怎么说的"), max_length=200, required=False)


class AgainForm(StepForm):
    why = TextField(label=_("群众怎么说的"), max_length=200)


class HandOverForm(StepForm):
    to = NameField(label=_("交给谁"), help_text=_("本人，或者替他（她）来拿的人。"))
    trips_saved = forms.IntegerField(
        label=_("替群众少跑了几趟"), min_value=0, max_value=20, help_text=_("按送办的次数算好了，不对就改。")
    )

    def prepare(self, user) -> None:
        self.fields["to"].initial = self.case.contact_name or self.case.resident.name
        self.fields["trips_saved"].initial = self.case.stages.exclude(level="village").count()
