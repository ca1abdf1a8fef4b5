"""What the calendar does by itself: silence counts as acceptance, and dates settle once holidays are published."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from appointments import deadlines
from appointments.models import AcceptedAs, Case, CasePause, CaseStage, Level
from appointments.services.cases import clock
from appointments.services.cases.papers import accept_now
from appointments.services.cases.stages import Now
from appointments.workdays import Workdays


def settle() -> int:
    """For settings.UPKEEP; returns how many cases changed. Safe to run twice."""
    return deem_accepted() + settle_dates()


def deem_accepted(at: datetime | None = None) -> int:
    """Nobody said within five workdays what was missing: accepted from the day on which the papers were taken in.

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
    """Count the days of open cases again whose dates had reached into a year without published holidays."""
    is_workday = Workdays()
    rows = Case.objects.open().filter(is_provisional=True).order_by("pk").values_list("pk", flat=True)
    return sum(_settle(pk, is_workday) for pk in list(rows))


@transaction.atomic
def _settle(pk: int, is_workday: Workdays) -> int:
    case = Case.objects.locked(pk)
    if not case.accepted_at or not case.is_provisional:
        return 0
    before = case.promised_on
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
    # A stage that had all that was left of the promise has all that is left of it now.
    CaseStage.objects.filter(case=case, ended_at__isnull=True, limit_on=before).exclude(level=Level.DEPARTMENT).update(
        limit_on=case.promised_on
    )
    return 1


def _moved(on, kind: str, since, until, is_workday: Workdays):
    return deadlines.shifted(on, kind, since, until, is_workday) if on else on


def _stops(case: Case) -> list[tuple]:
    """(from, until, whether the prescribed day moves too) of each time for which the clock stood still, in order."""
    pauses = CasePause.objects.filter(stage__case=case).values_list("started_at", "ended_at")
    away = case.stages.filter(level=Level.DEPARTMENT).values_list("started_at", "ended_at")
    stops = [(*times, True) for times in pauses] + [(*times, False) for times in away]
    return [
        (timezone.localdate(since), timezone.localdate(until) if until else None, prescribed)
        for since, until, prescribed in sorted(stops, key=lambda stop: stop[0])
    ]
