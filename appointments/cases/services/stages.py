"""Building blocks of every step: lock the case, end a stage, begin the next, log who did it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.cases.models import Case, CaseStage, CaseStep, Level
from appointments.cases.services import clock
from centers.days.proof import prove
from centers.deadlines import workdays_between
from centers.workdays import Workdays
from portal.accounts.models import User
from portal.ui.errors import Changed, RuleBroken


@dataclass(frozen=True, slots=True)
class Now:
    """The time of one step, read once, and the workday calendar."""

    at: datetime
    is_workday: Workdays

    @classmethod
    def read(cls) -> "Now":
        return cls(timezone.now(), Workdays())

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)


def lock_stage(case: Case, seen: int) -> tuple[Case, CaseStage]:
    """SELECT FOR UPDATE of the case, and its open stage. Raises Changed when that is not the stage that was seen."""
    case = Case.objects.locked(case.pk)
    stage = case.stage
    if stage is None:
        raise Changed(_("这件事刚刚已经办结了。请看看结果，再决定还要不要做什么。"))
    if stage.pk != seen:
        raise Changed(
            _("这件事刚刚被别人办到下一步了，现在在%(place)s。您这一下没有生效，请看看最新的情况。")
            % {"place": stage.place}
        )
    return case, stage


def end(case: Case, stage: CaseStage, now: Now, outcome: str, note: str = "") -> None:
    """End the stage by conditional UPDATE: of two concurrent callers one succeeds. Raises Changed for the other."""
    used = used_days(case, stage, now.today, now.is_workday)
    claimed = CaseStage.objects.filter(pk=stage.pk, ended_at__isnull=True).update(
        ended_at=now.at, outcome=outcome, note=note, used_days=used
    )
    if not claimed:
        raise Changed(_("这件事刚刚被别人办到下一步了。您这一下没有生效，请看看最新的情况。"))
    case.__dict__.pop("open_stages", None)


def begin(
    case: Case, level: str, now: Now, keeper: str = "", office: str = "", limit_on: date | None = None
) -> CaseStage:
    """Begin the next stage. Village and township share the promised time; a department has its own due day or none."""
    last = case.stages.order_by("-number").values_list("number", flat=True).first() or 0
    stage = CaseStage(
        case=case,
        number=last + 1,
        level=level,
        keeper=keeper or level,
        office=office,
        owner=case.owner if level == Level.VILLAGE else None,
        started_at=now.at,
        limit_on=limit_on,
    )
    if level != Level.DEPARTMENT:
        clock.set_limit(case, stage, now.today, now.is_workday)
    stage.full_clean(exclude=["case", "owner"], validate_constraints=False)
    stage.save()
    case.open_stages = [stage]
    return stage


def used_days(case: Case, stage: CaseStage, today: date, is_workday: Workdays) -> int | None:
    """Workdays used in this stage, without those on which its clock was stopped.

    None before acceptance: a village stage then waits for papers and its clock has not started.
    """
    if not case.accepted_at:
        return None
    since = timezone.localdate(max(stage.started_at, case.accepted_at))
    until = today
    if case.stopped_on and stage.level != Level.DEPARTMENT:
        until = min(today, case.stopped_on)
    return max(0, workdays_between(since, until, is_workday) - stage.stopped_days)


def log(case: Case, kind: str, now: Now, by: User | None, note: str = "", level: str | None = None) -> CaseStep:
    level = level or (case.stage.level if case.stage else Level.VILLAGE)
    if level == Level.VILLAGE and by is not None:
        prove(case.center_id, now.at)
    return CaseStep.objects.create(case=case, kind=kind, level=level, note=note[:300], at=now.at, by=by)


def require_running(case: Case) -> None:
    """Raises RuleBroken `not_accepted` or `stopped` unless the clock is running."""
    if not case.accepted_at:
        raise RuleBroken(_("材料还没有受理，先不能送出去。材料齐了就点“受理”。"), code="not_accepted")
    if case.stopped_on and case.stage and case.stage.level != Level.DEPARTMENT:
        raise RuleBroken(_("这件事现在停着表。请先点“恢复计时”，再往下办。"), code="stopped")
