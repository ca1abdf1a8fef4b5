from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centers.figures import Period
from portal.ui.forms import DayField, Form

DEFAULT_DAYS = 30
MOST_DAYS = 366  # of one look: each day of each center costs
FURTHEST = 3660  # days before and after today


def presets(today: date | None = None) -> list[tuple[str, Period]]:
    today = today or timezone.localdate()
    return [
        (_("近30天"), last_days(today)),
        (_("本周"), Period(today - timedelta(days=today.weekday()), today)),
        (_("本月"), Period(today.replace(day=1), today)),
    ]


def last_days(today: date) -> Period:
    return Period(today - timedelta(days=DEFAULT_DAYS - 1), today)


class PeriodForm(Form):
    """?from=&to=. The default is the last thirty days; if the form is invalid it is used too, and `ignored` says so.

    Swaps reversed dates.
    """

    def __init__(self, data=None, **kwargs):
        self.fallback = last_days(timezone.localdate())
        # Not class attributes, because "from" is a keyword of Python.
        super().__init__(data, **kwargs)
        for name, label in (("from", _("从")), ("to", _("到"))):
            self.fields[name] = DayField(label=label, required=False, within=FURTHEST)

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and self._of(cleaned).days > MOST_DAYS:
            self.add_error(None, ValidationError("", code="long"))
        return cleaned

    @property
    def ignored(self) -> str:
        """Why the dates that were asked for are not taken; "" if they are."""
        if self.is_valid():
            return ""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        if "invalid" in codes:
            return gettext("选的日期看不懂，没有用上，下面是近30天的。请重新选一次。")
        if "far" in codes:
            return gettext("选的日期太远，没有用上，下面是近30天的。请看看年份，重新选一次。")
        return gettext("一次最多看一年，选的没有用上，下面是近30天的。请选近一些的起止日期，一年一年地看。")

    @property
    def period(self) -> Period:
        return self._of(self.cleaned_data if self.is_valid() else {})

    def _of(self, given: dict) -> Period:
        first, last = given.get("from") or self.fallback.first, given.get("to") or self.fallback.last
        return Period(min(first, last), max(first, last))
