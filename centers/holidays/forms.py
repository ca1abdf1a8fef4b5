"""Forms for a year's notice: its text, the table, a sheet; and what comes back with the confirmation."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.holidays import entries, rows
from centers.holidays.reading import LONGEST_TEXT, Way, read
from centers.holidays.years import years
from portal.ui.errors import RuleBroken
from portal.ui.forms import DayField, Form, KeyedForm, LongTextField, TextField
from portal.ui.sheets import gate

SPARE_ROWS = 8
MOST_PROBLEMS = 20  # told at once


class NoticeForm(Form):
    """`text` and `reading` are what it says, once it is valid; `way` is how the text is read again."""

    way = Way.TABLE
    year = forms.TypedChoiceField(label=gettext_lazy("哪一年的"), coerce=int)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, _("%(year)s年") % {"year": year}) for year in years()]
        self.text, self.reading = "", entries.Reading()

    def refuse_problems(self, field: str | None) -> None:
        problems = self.reading.problems
        for problem in problems[:MOST_PROBLEMS]:
            self.add_error(field, problem)
        if len(problems) > MOST_PROBLEMS:
            more = {"number": len(problems) - MOST_PROBLEMS}
            self.add_error(field, _("另外还有%(number)d处。先改好上面的，再看一次。") % more)

    @staticmethod
    def initial_of(year: int, text: str) -> dict:
        """The form's initial data, for text that was read before."""
        return {"year": year}


class TextForm(NoticeForm):
    way = Way.TEXT
    notice = LongTextField(
        label=gettext_lazy("通知原文"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("把国务院办公厅的通知整篇贴进来就行，前后的文字不碍事。"),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if "notice" in cleaned and "year" in cleaned:
            self.text = cleaned["notice"]
            self.reading = read(self.way, self.text, cleaned["year"])
            self.refuse_problems("notice")
        return cleaned

    @staticmethod
    def initial_of(year: int, text: str) -> dict:
        return {"year": year, "notice": text}


class SheetForm(NoticeForm):
    way = Way.SHEET
    sheet = forms.FileField(
        label=gettext_lazy("表格文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy(".xlsx 或 .csv，要有这些列：开始日期、结束日期、安排（放假或上班）、节日。"),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        upload = cleaned.get("sheet")
        if upload is None or "year" not in cleaned:
            return cleaned
        try:
            if upload.size > gate.MAX_BYTES:
                raise RuleBroken(_("文件超过 %(most)d MB，请分成几份。"), code="too_big", most=gate.MAX_BYTES >> 20)
            self.text, self.reading = rows.from_sheet(upload.read(), upload.name, cleaned["year"])
        except RuleBroken as refusal:
            self.add_error("sheet", str(refusal))
        self.refuse_problems("sheet")
        return cleaned


class TableForm(NoticeForm):
    """The rows are a formset of RowForm (`rows`)."""

    def __init__(self, data=None, files=None, *, initial=None, lines: str = "", **kwargs) -> None:
        super().__init__(data, files, initial=initial, **kwargs)
        lines = lines or "\n".join(rows.line_of(*row) for row in rows.by_law(self["year"].initial))
        self.rows = RowFormSet(data, prefix="rows", initial=rows.initial_of(lines))

    def is_valid(self) -> bool:
        return super().is_valid() and self.rows.is_valid() and self._read()

    def _read(self) -> bool:
        self.text = "\n".join(row.line for row in self.rows if row.line)
        self.reading = read(self.way, self.text, self.cleaned_data["year"])
        self.refuse_problems(None)
        return not self.reading.problems


class RowForm(Form):
    """One row; without dates it says nothing."""

    name = TextField(label=gettext_lazy("节日"), max_length=entries.LONGEST_NAME, required=False)
    first = DayField(label=gettext_lazy("从哪天"), required=False)
    last = DayField(label=gettext_lazy("到哪天"), required=False)
    what = forms.ChoiceField(
        label=gettext_lazy("安排"),
        choices=[(rows.OFF, gettext_lazy("放假")), (rows.WORKED, gettext_lazy("上班"))],
        initial=rows.WORKED,  # of the empty rows, below those of the festivals
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("last") and not cleaned.get("first") and "first" not in self.errors:
            self.add_error("first", _("请填从哪天。"))
        return cleaned

    @property
    def cells(self) -> list[forms.BoundField]:
        """The fields in the order of the table's columns."""
        return [self[name] for name in ("name", "what", "first", "last")]

    @property
    def line(self) -> str:
        """The row as rows.line_of; "" without a date."""
        first: date | None = self.cleaned_data.get("first")
        if first is None:
            return ""
        return rows.line_of(
            first, self.cleaned_data["last"] or first, self.cleaned_data["what"], self.cleaned_data["name"]
        )


RowFormSet = forms.formset_factory(
    RowForm, extra=SPARE_ROWS, max_num=rows.MOST_ROWS, absolute_max=rows.MOST_ROWS + SPARE_ROWS, validate_max=True
)


class EnterForm(KeyedForm):
    """What was shown, as it comes back with the confirmation."""

    year = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    way = forms.ChoiceField(choices=Way, widget=forms.HiddenInput)
    text = LongTextField(max_length=LONGEST_TEXT, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
    is_checked = forms.BooleanField(label=gettext_lazy("上面要注意的，我都对照通知看过了"))

    def __init__(self, data=None, *, warnings: bool, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["year"].choices = [(year, year) for year in years()]
        if not warnings:
            del self.fields["is_checked"]


class UndoForm(Form):
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
