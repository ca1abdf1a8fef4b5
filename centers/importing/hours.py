"""Sheets of centers with their opening hours: a column for each weekday, and one for Monday to Friday together."""

import re
from datetime import time
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers.days.following import hours_changed, together
from centers.importing.changes import Change, created, removed
from centers.importing.resources import CenterResource
from centers.importing.rules import SheetRules
from centers.importing.writing import Planned
from centers.models import Center, OpeningRule
from portal.accounts.audit_log import log_creation
from portal.accounts.models import User
from portal.ui.sheets.spoiled import Spoiled

WORKDAYS = "周一到周五"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
CLOSED = {"休息", "休", "不开", "不开门", "关", "关门", "无"}
_CLOCK = r"(\d{1,2})(?:[:：.点时](半|\d{1,2})?分?)?"
_PERIOD = re.compile(rf"{_CLOCK}\s*(?:-|－|–|—|~|～|至|到)\s*{_CLOCK}")
_BETWEEN = re.compile(r"[、,，;；/\s]+")
Periods = list[tuple[time, time]]


def read_periods(cell: str) -> Periods:
    """The periods of a cell such as 8:30-11:30、14:00-17:30; none for 休息. Raises ValueError with a sentence."""
    if isinstance(cell, Spoiled):
        raise ValueError(cell.fault)
    text = cell.strip()
    if text in CLOSED:
        return []
    periods = []
    for part in filter(None, _BETWEEN.split(re.sub(r"\s*(-|－|–|—|~|～|至|到)\s*", "-", text))):
        found = _PERIOD.fullmatch(part)
        if found is None:
            raise ValueError(
                _("“%(text)s”看不懂。请写成 8:30-11:30、14:00-17:30，不开就写 休息。") % {"text": text[:30]}
            )
        periods.append((_clock(found[1], found[2], text), _clock(found[3], found[4], text)))
    periods.sort()
    for (opens, closes), later in zip(periods, [*periods[1:], None], strict=True):
        if later and later[0] < closes:
            raise ValueError(_("“%(text)s”里有两段重叠了。") % {"text": text[:30]})
        _check(opens, closes)
    return periods


def _clock(hour: str, minute: str | None, text: str) -> time:
    try:
        return time(int(hour), 30 if minute == "半" else int(minute or 0))
    except ValueError:
        raise ValueError(_("“%(text)s”里没有这个钟点。") % {"text": text[:30]}) from None


def _check(opens: time, closes: time) -> None:
    rule = OpeningRule(weekday=0, opens=opens, closes=closes)
    if closes <= opens:
        raise ValueError(_("关门时间要晚于开门时间。"))
    try:
        rule.clean()
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None


class NewHours(NamedTuple):
    """What a row changes of a center's hours; the rules of seasons stay."""

    gone: list[OpeningRule]
    new: list[OpeningRule]


class CenterWithHours(SheetRules, CenterResource):
    beside = ("opening_rules",)

    class Meta(CenterResource.Meta):
        skip_diff = True

    @classmethod
    def columns(cls) -> list[str]:
        return [*super().columns(), WORKDAYS, *WEEKDAYS]

    def before_import_row(self, row, **kwargs) -> None:
        super().before_import_row(row, **kwargs)
        week, faults = {}, []
        for column in (WORKDAYS, *WEEKDAYS):
            if not row.get(column):
                continue
            try:
                periods = read_periods(row[column])
            except ValueError as error:
                faults.append(_("“%(column)s”：%(fault)s") % {"column": column, "fault": error})
                continue
            days = range(5) if column == WORKDAYS else [WEEKDAYS.index(column)]
            week |= dict.fromkeys(days, periods)  # a day's own column comes later
        if faults:
            raise ValidationError(faults)
        row["week"] = week

    def after_init_instance(self, instance, new, row, **kwargs) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        instance.hours_of_sheet = _new_hours([] if new else list(instance.opening_rules.all()), row["week"])

    def brings_more(self, instance) -> bool:
        return any(instance.hours_of_sheet)

    def displaces(self, planned: Planned) -> bool:
        closes = planned.before is not None and planned.before["is_active"] and not planned.instance.is_active
        return closes or bool(planned.instance.hours_of_sheet.gone)

    def write(self, planned: list[Planned], accounts: list[User]) -> None:
        with transaction.atomic(), together():
            super().write(planned, accounts)
            for one in planned:
                self._write_hours(one)

    def _write_hours(self, planned: Planned) -> None:
        center: Center = planned.instance
        gone, new = center.hours_of_sheet
        for rule in gone:
            self.beside_changes.append((planned, removed(rule)))
        OpeningRule.objects.filter(pk__in=[rule.pk for rule in gone]).delete()
        for rule in new:
            rule.center = center
        for rule in OpeningRule.objects.bulk_create(new):
            log_creation(rule)
            self.beside_changes.append((planned, created(rule)))
        if gone or new:
            hours_changed(center.pk)

    def changes(self, planned: list[Planned]) -> list[tuple[Planned, Change]]:
        return [*super().changes(planned), *self.beside_changes]


def _new_hours(stored: list[OpeningRule], week: dict[int, Periods]) -> NewHours:
    """Of the days that the sheet names. A new period has as many places as what it comes after, else the defaults."""
    plan = NewHours([], [])
    all_year = [rule for rule in stored if not rule.season_start]
    for weekday, periods in week.items():
        here = [rule for rule in all_year if rule.weekday == weekday]
        plan.gone.extend(rule for rule in here if (rule.opens, rule.closes) not in periods)
        known = {(rule.opens, rule.closes) for rule in here}
        like = next(iter([*here, *all_year]), OpeningRule())
        places = {name: getattr(like, name) for name in ("online_places", "desk_places", "walk_in_places")}
        plan.new.extend(
            OpeningRule(weekday=weekday, opens=opens, closes=closes, **places)
            for opens, closes in periods
            if (opens, closes) not in known
        )
    return plan
