"""Pausing the clock, with a reason and evidence that the villager can see, and resuming."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from appointments.cases.models import Case, CasePause, CaseStep, Level
from appointments.cases.services import clock
from appointments.cases.services.stages import Now, lock_stage, log, require_running
from portal.accounts.models import User
from portal.ui.errors import RuleBroken, explain


@transaction.atomic
def pause(*, case: Case, seen: int, by: User, reason: str, evidence: str) -> CasePause:
    """Stop the clock. Raises Changed, RuleBroken `stopped`, `not_accepted`, `department_has_it`,
    and `a_pause_has_its_evidence` (check constraint).
    """
    case, stage = lock_stage(case, seen)
    now = Now.read()
    if stage.level == Level.DEPARTMENT:
        raise RuleBroken(_("部门在办的时候，村里和镇里的表本来就停着，不用再停。"), code="department_has_it")
    require_running(case)
    made = CasePause(stage=stage, reason=reason, evidence=evidence.strip(), started_at=now.at, started_by=by)
    _check(made)
    made.save()
    clock.stop(case, now.today)
    case.save(update_fields=["stopped_on"])
    log(
        case,
        CaseStep.Kind.PAUSED,
        now,
        by,
        _("%(reason)s：%(evidence)s") % {"reason": made.get_reason_display(), "evidence": made.evidence},
    )
    return made


@transaction.atomic
def resume(*, case: Case, seen: int, by: User) -> Case:
    """Restart the clock and move the due days by the pause. Raises Changed, RuleBroken `not_stopped`."""
    case, stage = lock_stage(case, seen)
    now = Now.read()
    if not CasePause.objects.filter(stage=stage, ended_at__isnull=True).update(ended_at=now.at, ended_by=by):
        raise RuleBroken(_("这件事没有停表，正在计时。"), code="not_stopped")
    clock.resume(case, stage, now.today, now.is_workday, statutory=True)
    case.save(update_fields=["stopped_on", "promised_on", "statutory_on", "is_provisional"])
    stage.save(update_fields=["limit_on", "stopped_days"])
    log(case, CaseStep.Kind.RESUMED, now, by)
    return case


def _check(made: CasePause) -> None:
    try:
        made.full_clean(exclude=["stage", "started_by"])
    except ValidationError as error:
        raise explain(error) from error
