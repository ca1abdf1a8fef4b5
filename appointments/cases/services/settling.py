"""Periodic jobs: deemed acceptance, and recalculating due days when the holidays of another year are published."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from appointments.cases.models import AcceptedAs, Case, CasePause, CaseStage, Level
from appointments.cases.services import clock
from appointments.cases.services.papers import accept_now
from appointments.cases.services.stages import Now
from centers import deadlines
from centers.workdays import Workdays


def settle() -> int:
    """Periodic job (settings.UPKEEP); returns how many cases changed. Idempotent."""
    return deem_accepted() + settle_dates()


def deem_accepted(at: datetime | None = None) -> int:
    """Deemed acceptance: no notice within five workdays, so accepted from the day the papers were received.

    Source: Administrative Licensing Law Art. 32 (4).
    """
    now = Now(at or timezone.now(), Workdays())
    waiting = Case.objects.open().filter(accepted_at__isnull=True, notice_at__isnull=True)
    late = waiting.filter(stages__ended_at__isnull=True, stages__limit_on__lt=now.today)
    return sum(_deem(pk, now) for pk in list(late.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _deem(pk: int, now: Now) -> int:
    case = Case.objects.locked(pk)
    if case.accepted_at or case.notice_at or case.closed_at:
        return 0
    accept_now(case, now, None, AcceptedAs.DEEMED)
    return 1


def settle_dates() -> int:
    """Recalculate the due days of open cases that had reached into a year without published holidays."""
    is_workday = Workdays()
    rows = Case.objects.open().filter(is_provisional=True).order_by("pk").values_list("pk", flat=True)
    return sum(_settle(pk, is_workday) for pk in list(rows))


@transaction.atomic
def _settle(pk: int, is_workday: Workdays) -> int:
    case = Case.objects.locked(pk)
    if not case.accepted_at or not case.is_provisional:
        return 0
    start = timezone.localdate(case.accepted_at)
    clock.start(case, start, is_workday)
    if case.is_provisional:
        return 0
    for since, until, prescribed in _stops(case):
        if until is None:
            continue
        case.promised_on = _moved(case.promised_on, case.item.promised_kind, since, until, is_workday)
        if prescribed:
            case.statutory_on = _moved(case.statutory_on, case.item.statutory_kind, since, until, is_workday)
    case.save(update_fields=["promised_on", "statutory_on", "is_provisional"])
    if case.stage.level != Level.DEPARTMENT:
        _settle_stage(case, case.stage, is_workday)
    return 1


def _settle_stage(case: Case, stage: CaseStage, is_workday: Workdays) -> None:
    """The stage's own due day, from its start, moved by its own pauses."""
    began = max(stage.started_at, case.accepted_at or stage.started_at)
    clock.set_limit(case, stage, timezone.localdate(began), is_workday)
    if stage.level == Level.VILLAGE and stage.limit_on:
        for since, until in stage.pauses.filter(ended_at__isnull=False).values_list("started_at", "ended_at"):
            stopped, resumed = timezone.localdate(since), timezone.localdate(until)
            stage.limit_on = deadlines.shifted(stage.limit_on, deadlines.WORKDAYS, stopped, resumed, is_workday)
        stage.limit_on = min(filter(None, [stage.limit_on, case.promised_on]))
    stage.save(update_fields=["limit_on", "limit_days"])


def _moved(on, kind: str, since, until, is_workday: Workdays):
    return deadlines.shifted(on, kind, since, until, is_workday) if on else on


def _stops(case: Case) -> list[tuple]:
    """(from, until, whether the statutory day moves too) of each stop of the clock, in order."""
    pauses = CasePause.objects.filter(stage__case=case).values_list("started_at", "ended_at")
    away = case.stages.filter(level=Level.DEPARTMENT).values_list("started_at", "ended_at")
    stops = [(*times, True) for times in pauses] + [(*times, False) for times in away]
    return [
        (timezone.localdate(since), timezone.localdate(until) if until else None, prescribed)
        for since, until, prescribed in sorted(stops, key=lambda stop: stop[0])
    ]
