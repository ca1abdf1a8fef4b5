"""Routing a case: village, township, department, and back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.cases import messages as case_messages
from appointments.cases.models import Case, CaseStage, CaseStep, Level
from appointments.cases.services import clock
from appointments.cases.services.stages import Now, begin, end, lock_stage, log, require_running
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui.errors import Changed, RuleBroken


@transaction.atomic
def forward(*, case: Case, seen: int, by: User, note: str = "") -> Case:
    """Forward the papers to the township. Raises Changed, RuleBroken `not_accepted`, `stopped`, `wrong_level`."""
    case, stage = lock_stage(case, seen)
    now = Now.read()
    require_running(case)
    _expect(stage, Level.VILLAGE)
    end(case, stage, now, CaseStage.Outcome.FORWARDED, note)
    begin(case, Level.TOWNSHIP, now)
    log(case, CaseStep.Kind.FORWARDED, now, by, note or str(Level.TOWNSHIP.label), level=stage.level)
    notifications.plan(case_messages.forwarded(case, now.at))
    return case


@transaction.atomic
def send_to_department(
    *, case: Case, seen: int, by: User, office: str, expected_on: date | None = None, note: str = ""
) -> Case:
    """Send to an external department: our clock is stopped until it returns; the department's own date is shown."""
    case, stage = lock_stage(case, seen)
    now = Now.read()
    require_running(case)
    _expect(stage, Level.VILLAGE, Level.TOWNSHIP)
    end(case, stage, now, CaseStage.Outcome.FORWARDED, note)
    clock.stop(case, now.today)
    case.save(update_fields=["stopped_on"])
    begin(case, Level.DEPARTMENT, now, keeper=stage.level, office=office, limit_on=expected_on)
    log(case, CaseStep.Kind.FORWARDED, now, by, _("，").join(filter(None, [office, note])), level=stage.level)
    notifications.plan(case_messages.forwarded(case, now.at))
    return case


@transaction.atomic
def return_from_department(*, case: Case, seen: int, by: User, note: str = "") -> Case:
    """Back from the department to the level that had sent it; the clock resumes."""
    case, stage = lock_stage(case, seen)
    now = Now.read()
    _expect(stage, Level.DEPARTMENT)
    end(case, stage, now, CaseStage.Outcome.CAME_BACK, note)
    clock.resume(case, stage, now.today, now.is_workday, statutory=False)
    case.save(update_fields=["stopped_on", "promised_on", "is_provisional"])
    begin(case, stage.keeper, now)
    log(case, CaseStep.Kind.CAME_BACK, now, by, _("，").join(filter(None, [stage.office, note])), level=stage.keeper)
    return case


@transaction.atomic
def return_to_village(*, case: Case, seen: int, by: User, reason: str) -> Case:
    """Returned by the township to the village, with the reason. Counted in statistics."""
    case, stage = lock_stage(case, seen)
    now = Now.read()
    require_running(case)
    _expect(stage, Level.TOWNSHIP)
    end(case, stage, now, CaseStage.Outcome.RETURNED, reason)
    begin(case, Level.VILLAGE, now)
    log(case, CaseStep.Kind.RETURNED, now, by, reason, level=stage.level)
    return case


@transaction.atomic
def acknowledge(*, case: Case, seen: int, by: User) -> Case:
    """An official of the township acknowledges receipt (签收) and becomes the stage's owner.

    Conditional UPDATE: of two concurrent officials one succeeds. Raises Changed for the other.
    """
    case, stage = lock_stage(case, seen)
    now = Now.read()
    _expect(stage, Level.TOWNSHIP)
    if stage.owner_id == by.pk:
        return case
    if not CaseStage.objects.filter(pk=stage.pk, ended_at__isnull=True, owner__isnull=True).update(owner=by):
        raise Changed(_("这件事%(name)s已经签收了，由他（她）来办。") % {"name": stage.owner or _("别人")})
    stage.owner = by
    log(case, CaseStep.Kind.TAKEN, now, by)
    return case


def _expect(stage: CaseStage, *levels: str) -> None:
    if stage.level not in levels:
        raise RuleBroken(
            _("这件事现在在%(place)s，这一步要等它到了才能做。") % {"place": stage.place}, code="wrong_level"
        )
