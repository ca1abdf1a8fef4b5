"""Workday lookup for deadlines: each calendar year is loaded once, on first use."""

from datetime import date

from centers.models import CalendarDay


class Workdays:
    """Days missing in the calendar fall back to their weekday and count as pending (待公布)."""

    def __init__(self) -> None:
        self._years: dict[int, dict[date, tuple[str, bool]]] = {}

    def __call__(self, day: date) -> bool:
        kind, _is_pending = self._known(day)
        return kind in (CalendarDay.Kind.WORKDAY, CalendarDay.Kind.MAKE_UP_WORKDAY)

    def is_published(self, day: date) -> bool:
        return not self._known(day)[1]

    def _known(self, day: date) -> tuple[str, bool]:
        if day.year not in self._years:
            days = CalendarDay.objects.between(date(day.year, 1, 1), date(day.year, 12, 31))
            rows = days.values_list("date", "kind", "is_pending")
            self._years[day.year] = {on: (kind, is_pending) for on, kind, is_pending in rows}
        by_weekday = CalendarDay.Kind.WEEKEND if day.weekday() >= 5 else CalendarDay.Kind.WORKDAY
        return self._years[day.year].get(day, (by_weekday, True))
