"""Days on which divisions begin and end. A year that was mistyped would open or close a village for good."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken

# Our defaults. Divisions of the People's Republic; changes are announced a year or two ahead.
EARLIEST = date(1949, 10, 1)
AHEAD = timedelta(days=5 * 366)


def check(day: date, field: str | None = None) -> None:
    """Raises RuleBroken `odd_day`."""
    latest = timezone.localdate() + AHEAD
    if not EARLIEST <= day <= latest:
        raise RuleBroken(
            _("日期要在 %(first)s 和 %(last)s 之间。请看看年份有没有写错。"),
            code="odd_day",
            field=field,
            first=EARLIEST.isoformat(),
            last=latest.isoformat(),
        )
