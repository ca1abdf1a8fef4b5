from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centers.figures import Period
from portal.ui.forms import DayField, Form
from portal.ui.params import EARLIEST, LATEST

DEFAULT_DAYS = 30


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
            self.fields[name] = DayField(
                label=label,
                required=False,
                validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
            )

    @property
    def ignored(self) -> str:
        """Why the dates that were asked for are not taken; "" if they are."""
        if self.is_valid():
            return ""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        if "invalid" in codes:
            return gettext("选的日期看不懂，没有用上，下面是近30天的。请重新选一次。")
        years = {"first": EARLIEST.year, "last": LATEST.year}
        return gettext("选的日期太远，没有用上，下面是近30天的。请在%(first)d年到%(last)d年之间选。") % years

    @property
    def period(self) -> Period:
        given = self.cleaned_data if self.is_valid() else {}
        first, last = given.get("from") or self.fallback.first, given.get("to") or self.fallback.last
        return Period(min(first, last), max(first, last))
