"""Closing a case with an outcome, handing the result over, and reopening."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.cases import messages as case_messages
from appointments.cases.models import Case, CasePause, CaseStage, CaseStep, Level, Outcome
from appointments.cases.services import clock
from appointments.cases.services.stages import Now, begin, end, lock_stage, log, require_running
from centers.rules.reading import value
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken


@transaction.atomic
def finish(*, case: Case, seen: int, by: User, outcome: str, note: str = "") -> Case:
    """Close with an outcome. Raises Changed, RuleBroken `not_accepted`, `stopped`, `note_needed`.

    A refusal must state its reason (Administrative Licensing Law Art. 38).
    """
    if outcome != Outcome.DONE and not note:
        raise RuleBroken(_("没有办成的，请写清楚为什么，群众会看到。"), code="note_needed", field="note")
    case, stage = lock_stage(case, seen)
    now = Now.read()
    if outcome == Outcome.DONE:
        require_running(case)
    return _close(case, stage, now, by, outcome, note)


@transaction.atomic
def withdraw(*, case: Case, seen: int, by: User, note: str = "") -> Case:
    """Close because the villager no longer wants it, at whatever level it is. Raises Changed."""
    case, stage = lock_stage(case, seen)
    now = Now.read()
    return _close(case, stage, now, by, Outcome.WITHDRAWN, note)


@transaction.atomic
def hand_over(*, case: Case, by: User, to: str, trips_saved: int) -> Case:
    """Record that the villager or their helper has the result. Idempotent. Raises RuleBroken `not_done`."""
    case = Case.objects.locked(case.pk)
    now = Now.read()
    if case.handed_over_at:
        return case
    if not case.closed_at:
        raise RuleBroken(_("这件事还没有办结，先不能登记交付。"), code="not_done")
    case.handed_over_at, case.handed_over_by, case.handed_over_to = now.at, by, to
    case.trips_saved = trips_saved
    case.save(update_fields=["handed_over_at", "handed_over_by", "handed_over_to", "trips_saved"])
    log(case, CaseStep.Kind.HANDED_OVER, now, by, level=Level.VILLAGE)
    notifications.cancel(case_messages.subject_of(case), [case_messages.FINISHED])
    if case.outcome == Outcome.DONE:  # other outcomes were invited to rate when the case was closed
        _ask_to_rate(case, now)
    return case


@transaction.atomic
def reopen(*, case: Case, by: User | None = None, why: str = "") -> Case:
    """Reopen on the villager's complaint: the closing is void, and the due day counts as if never stopped.

    Idempotent while open. Raises RuleBroken `too_late_to_reopen`.
    """
    case = Case.objects.locked(case.pk)
    now = Now.read()
    if not case.closed_at:
        return case
    if not can_be_reopened(case, now.at):
        raise RuleBroken(
            _("办结已经超过%(days)d天，不能直接重办了。请打中心电话，重新登记一件。") % {"days": _reopen_days(case)},
            code="too_late_to_reopen",
        )
    case.closed_at, case.outcome, case.result_note = None, "", ""
    case.handed_over_at = case.handed_over_by = case.trips_saved = None
    case.handed_over_to = ""
    case.reopened_at = now.at
    fields = ["closed_at", "outcome", "result_note", "handed_over_at", "handed_over_by", "handed_over_to"]
    case.save(update_fields=[*fields, "trips_saved", "reopened_at"])
    notifications.cancel(case_messages.subject_of(case), case_messages.TITLES)
    begin(case, Level.VILLAGE, now)
    log(case, CaseStep.Kind.REOPENED, now, by, why)
    return case


def can_be_reopened(case: Case, at: datetime | None = None) -> bool:
    """Within CASE_REOPEN_DAYS, as on the day of the closing; a withdrawn case needs a new one."""
    if not case.closed_at or case.outcome == Outcome.WITHDRAWN:
        return False
    return (at or timezone.now()) < case.closed_at + timedelta(days=_reopen_days(case))


def _reopen_days(case: Case) -> int:
    return value("CASE_REOPEN_DAYS", case.center_id, timezone.localdate(case.closed_at))


def _close(case: Case, stage: CaseStage, now: Now, by: User, outcome: str, note: str) -> Case:
    end(case, stage, now, CaseStage.Outcome.FINISHED, note)
    CasePause.objects.filter(stage=stage, ended_at__isnull=True).update(ended_at=now.at, ended_by=by)
    if case.stopped_on:
        clock.resume(case, stage, now.today, now.is_workday, statutory=stage.level != Level.DEPARTMENT)
        case.save(update_fields=["stopped_on", "promised_on", "statutory_on", "is_provisional"])
        stage.save(update_fields=["limit_on", "stopped_days"])
    case.closed_at, case.outcome, case.result_note = now.at, outcome, note
    case.save(update_fields=["closed_at", "outcome", "result_note"])
    said = _("%(outcome)s：%(note)s") if note else "%(outcome)s"
    words = said % {"outcome": case.get_outcome_display(), "note": note}
    log(case, CaseStep.Kind.FINISHED, now, by, words, level=stage.level)
    notifications.cancel(case_messages.subject_of(case), case_messages.TITLES)
    notifications.plan(case_messages.finished(case, now.at))
    if outcome in Outcome.without_result():
        _ask_to_rate(case, now)
    return case


def _ask_to_rate(case: Case, now: Now) -> None:
    if case.rated_at is None:
        notifications.plan(case_messages.rate(case, now.at))
