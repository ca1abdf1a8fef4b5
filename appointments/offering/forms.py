"""The form of an item: what villagers read of it, its materials line by line, and from when on."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.catalog.models import CONTENT, LONGEST_MATERIAL, MOST_MATERIALS, ItemContent, ItemDraft, LimitKind
from portal.ui.forms import DayField, Form, ModelForm
from portal.ui.params import number
from portal.ui.text import clean_text

NOW, DAY, DRAFT = "now", "day", "draft"
FURTHEST = 400  # days
LONGER = ("summary", "representation_note", "source_note")  # one line each, in a box that shows it whole
COUNTED = {LimitKind.WORKDAYS.value: _("多少个工作日"), LimitKind.DAYS.value: _("多少天（放假也算）")}


class LinesWidget(forms.Widget):
    """One input a line, each with buttons that move it or take it out; they send the form, so no script is needed."""

    template_name = "appointments/offering/_lines.html"
    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])

    def format_value(self, value):
        return [*(value or []), ""] if len(value or []) < MOST_MATERIALS else value


class MaterialsField(forms.Field):
    """A list of lines; empty ones are left out."""

    widget = LinesWidget

    def clean(self, value) -> list[str]:
        lines = [line for line in (clean_text(str(line)) for line in value or []) if line]
        if len(lines) > MOST_MATERIALS:
            raise ValidationError(_("最多写%(most)d样材料。"), params={"most": MOST_MATERIALS})
        for at, line in enumerate(lines, start=1):
            if len(line) > LONGEST_MATERIAL:
                sentence = _("第%(line)d样写得太长了，最多%(most)d个字。可以拆成几样。")
                raise ValidationError(sentence, params={"line": at, "most": LONGEST_MATERIAL})
        return lines


def rearranged(lines: list[str], what: str) -> list[str]:
    """The lines after a button: `add`, `up-2`, `down-2`, `drop-2`, from 0; without empty ones, except to add."""
    verb, _dash, position = what.partition("-")
    at, lines = number(position), [*lines]
    if at is not None and at < len(lines):
        line = lines.pop(at)
        if verb != "drop":
            lines.insert({"up": max(at - 1, 0), "down": at + 1}.get(verb, at), line)
    written = [line for line in lines if line.strip()]
    return [*written, ""] if verb == "add" else written


class ItemForm(ModelForm):
    """`starts_on` is None for a draft without a day; `content` is what services take."""

    materials = MaterialsField(
        label=_("要带的材料"),
        required=False,
        help_text=_("一样一行，写清楚原件还是复印件、几份，没有的怎么办。什么都不用带，就全空着。"),
    )
    when = forms.ChoiceField(
        label=_("从什么时候起用"),
        choices=[(NOW, _("今天就用")), (DAY, _("从下面这天起用")), (DRAFT, _("先存着，还不用"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    day = DayField(label=_("哪天起用"), required=False, within=FURTHEST)
    seen = forms.CharField(max_length=30, widget=forms.HiddenInput, required=False)

    class Meta:
        model = ItemDraft
        fields = CONTENT
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in LONGER}

    def __init__(self, data=None, *, places=(), **kwargs) -> None:
        """`places`: divisions to choose from, for a new item."""
        super().__init__(data, **kwargs)
        for name in ("statutory_kind", "promised_kind"):
            self.fields[name].choices = [(kind, COUNTED.get(kind, label)) for kind, label in LimitKind.choices]
        if places:
            choices = [(division.code, str(division)) for division in places]
            self.fields["place"] = forms.ChoiceField(label=_("哪里能办"), choices=choices)
            self.order_fields(["place"])

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned |= {name: "".join(cleaned[name].splitlines()) for name in LONGER if name in cleaned}
        for limit in ("statutory", "promised"):
            self._check_limit(cleaned, f"{limit}_kind", f"{limit}_limit")
        if cleaned.get("when") == DAY and "day" not in self.errors:
            day = cleaned.get("day")
            if day is None:
                self.add_error("day", _("请填从哪天起用，或者选“今天就用”。"))
            elif day <= timezone.localdate():
                self.add_error("day", _("这天已经到了。要马上用，请选“今天就用”。"))
        return cleaned

    def _check_limit(self, cleaned: dict, kind: str, limit: str) -> None:
        if cleaned.get(kind) not in COUNTED:
            cleaned[limit] = None
        elif not cleaned.get(limit) and limit not in self.errors:
            self.add_error(limit, _("请填几天。"))

    @property
    def starts_on(self):
        when = self.cleaned_data["when"]
        if when == NOW:
            return timezone.localdate()
        return self.cleaned_data["day"] if when == DAY else None

    @property
    def content(self) -> dict:
        return {name: self.cleaned_data[name] for name in CONTENT}

    @property
    def sections(self) -> list[tuple]:
        """(title, fields) in the order in which they are filled in."""
        names = [
            (_("这件事"), ["place", "everyday_name", "name", "category", "summary", "keywords"]),
            (_("要带什么"), ["materials"]),
            (_("多久办好"), ["promised_kind", "promised_limit", "statutory_kind", "statutory_limit", "minutes"]),
            (_("怎么办、谁能来"), ["handling_mode", "can_be_represented", "representation_note", "fee_note"]),
            (_("依据"), ["is_sensitive", "source_note"]),
        ]
        return [(title, [self[name] for name in group if name in self.fields]) for title, group in names]

    def written(self) -> ItemContent:
        """What is written, as a row that is not stored."""
        return ItemDraft(**self.content)


def typed_back(data: QueryDict, what: str, **kwargs) -> ItemForm:
    """The form with all that was typed, unchecked, after a button among the materials (`rearranged`)."""
    sent = ItemForm(data, **kwargs)
    initial = {name: sent[name].data for name in sent.fields}
    initial["materials"] = rearranged(initial["materials"], what)
    return ItemForm(initial=initial, **kwargs)


class SeenForm(Form):
    """What the page has shown of an item (drafts.Item.seen)."""

    seen = forms.CharField(max_length=30, widget=forms.HiddenInput)


class StarterForm(Form):
    """Which of the starter items to adopt."""

    codes = forms.MultipleChoiceField(
        label=_("采用哪些"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("有的已经采用了。请看看现在的列表，重新选。")},
    )

    def __init__(self, data=None, *, items, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["codes"].choices = [(item.code, str(item)) for item in items]
