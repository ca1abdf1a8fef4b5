"""The deadlines of a case: set at acceptance, stopped during pauses and at departments, then moved.

The village has the rule CASE_VILLAGE_WORKDAYS to forward the papers, the township the rest of the promised time; a
department has neither (domain rules in docs/domain.md).
"""

from datetime import date

from django.utils import timezone

from appointments.cases.models import Case, CaseStage, Level
from centers import deadlines
from centers.rules.reading import value
from centers.workdays import Workdays


def start(case: Case, today: date, is_workday: Workdays) -> None:
    """Sets the promised and the statutory due day, counted from the day of acceptance."""
    item = case.item
    case.promised_on = deadlines.due(today, item.promised_kind, item.promised_limit, is_workday)
    case.statutory_on = deadlines.due(today, item.statutory_kind, item.statutory_limit, is_workday)
    _mark_provisional(case, today, is_workday)


def stop(case: Case, today: date) -> None:
    case.stopped_on = today


def resume(case: Case, stage: CaseStage, today: date, is_workday: Workdays, *, statutory: bool) -> None:
    """Restarts the clock: moves the due days by the stopped time, the statutory one only where the law allows it.

    Changes both rows in memory without saving them.
    """
    since = case.stopped_on or today
    if case.promised_on:
        case.promised_on = deadlines.shifted(case.promised_on, case.item.promised_kind, since, today, is_workday)
    if statutory and case.statutory_on:
        case.statutory_on = deadlines.shifted(case.statutory_on, case.item.statutory_kind, since, today, is_workday)
    if stage.level != Level.DEPARTMENT:
        if stage.limit_on:
            stage.limit_on = deadlines.shifted(stage.limit_on, deadlines.WORKDAYS, since, today, is_workday)
        stage.stopped_days += max(0, deadlines.workdays_between(since, today, is_workday))
    case.stopped_on = None
    _mark_provisional(case, today, is_workday)


def set_limit(case: Case, stage: CaseStage, today: date, is_workday: Workdays) -> None:
    """Sets the stage's due day. Before acceptance, it is the deadline to tell the villager which papers are missing."""
    if not case.accepted_at:
        stage.limit_days = value("CASE_NOTICE_WORKDAYS", case.center_id)
        stage.limit_on = deadlines.add_workdays(today, stage.limit_days, is_workday)
        return
    stage.limit_on = case.promised_on
    if stage.level == Level.VILLAGE:
        within = value("CASE_VILLAGE_WORKDAYS", case.center_id)
        forward_by = deadlines.add_workdays(today, within, is_workday)
        stage.limit_on = min(filter(None, [forward_by, case.promised_on]))
    if stage.limit_on:
        stage.limit_days = max(0, deadlines.workdays_between(today, stage.limit_on, is_workday))


def _mark_provisional(case: Case, today: date, is_workday: Workdays) -> None:
    first = timezone.localdate(case.accepted_at) if case.accepted_at else today
    case.is_provisional = deadlines.is_provisional(first, case.promised_on, is_workday.is_published)
