"""A case's state in plain words: where it is, what it waits for, days left. The same on every page."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.cases.models import Case, CaseStage, CaseState, Level, Outcome
from appointments.cases.services.stages import used_days
from appointments.catalog.models import HandlingMode
from centers.deadlines import DAYS, days_left
from centers.workdays import Workdays
from portal.ui import words

TONES = {
    CaseState.CHECKING: "now",
    CaseState.LACKING: "warn",
    CaseState.VILLAGE: "now",
    CaseState.TOWNSHIP: "info",
    CaseState.DEPARTMENT: "info",
    CaseState.PAUSED: "warn",
    CaseState.FETCH: "good",
    CaseState.OVER: None,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """State of a case today. `left` is in workdays or days, as promised, and negative when overdue."""

    case: Case
    state: CaseState
    left: int | None
    time: str
    holder: str

    @property
    def tone(self) -> str | None:
        if self.state == CaseState.OVER and self.case.outcome == Outcome.DONE:
            return "good"
        return TONES[self.state]

    @property
    def word(self) -> str:
        if self.state == CaseState.OVER and self.case.outcome != Outcome.DONE:
            return str(self.case.get_outcome_display())
        return str(self.state.label)

    @property
    def is_overdue(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def is_due(self) -> bool:
        return self.left == 0 and not self.case.stopped_on


def standing(case: Case, today: date, is_workday: Workdays) -> Standing:
    left = None
    if case.promised_on and not case.closed_at:
        left = days_left(case.promised_on, case.item.promised_kind, case.stopped_on or today, is_workday)
    return Standing(case, case.state, left, _time(case, left), holder(case))


def holder(case: Case) -> str:
    """The owner of the open stage, or its place if it has no owner yet."""
    stage = case.stage
    if stage is None or stage.level == Level.VILLAGE:
        return str(case.owner)
    if stage.level == Level.TOWNSHIP:
        return _("镇里%(name)s") % {"name": stage.owner} if stage.owner else _("镇里，还没有人签收")
    return stage.office


def stage_time(case: Case, stage: CaseStage, today: date, is_workday: Workdays) -> str:
    """第2个工作日，期限3个: workdays used of the stage's limit."""
    until = timezone.localdate(stage.ended_at) if stage.ended_at else today
    used = stage.used_days if stage.ended_at else used_days(case, stage, until, is_workday)
    if used is None:
        return ""
    facts = {"used": used, "limit": stage.limit_days}
    if stage.limit_days is None:
        return _("用了%(used)s个工作日") % facts
    if stage.limit_days == 0:  # the case came to this stage on or after the promised day
        return _("用了%(used)s个工作日，来的当天就到期") % facts
    return _("用了%(used)s个工作日，期限%(limit)s个") % facts


def stuck(case: Case, today: date, is_workday: Workdays) -> str:
    """卡在哪里: one sentence for the villager on what the case is waiting for."""
    state, stage, owner = case.state, case.stage, str(case.owner)
    if state == CaseState.CHECKING:
        return _("%(name)s正在看材料齐不齐。") % {"name": owner}
    if state == CaseState.LACKING:
        papers = _("、").join(paper.name for paper in case.materials.all() if not paper.is_there)
        return _("等您补材料：%(papers)s。") % {"papers": papers} if papers else _("材料补齐了，等村里受理。")
    if state == CaseState.VILLAGE:
        return _village(case, stage, owner)
    if state == CaseState.TOWNSHIP:
        if stage.owner:
            return _("在镇里，%(name)s正在办。") % {"name": stage.owner}
        return _("已经送到镇里，等他们签收。")
    if state == CaseState.DEPARTMENT:
        return _department(case, stage, today, is_workday)
    if state == CaseState.PAUSED:
        return _pause(stage)
    if state == CaseState.FETCH:
        return _("办成了，请到中心领取。")
    return case.result_note or str(case.get_outcome_display())


def _village(case: Case, stage: CaseStage, owner: str) -> str:
    if stage.limit_on is None:
        return _("在村里，%(name)s正在办。") % {"name": owner}
    facts = {"name": owner, "day": words.short_day(stage.limit_on)}
    if case.item.handling_mode == HandlingMode.PROXY and stage.number == 1:
        return _("在村里，%(name)s正在办，%(day)s前要送到镇里。") % facts
    return _("在村里，%(name)s正在办，%(day)s前要办好。") % facts


def _department(case: Case, stage: CaseStage, today: date, is_workday: Workdays) -> str:
    facts = {"office": stage.office, "used": used_days(case, stage, today, is_workday)}
    said = _("在%(office)s办，到今天%(used)s个工作日。") % facts
    if stage.limit_on:
        said += _("他们说%(day)s前办好。") % {"day": words.short_day(stage.limit_on)}
    return said + _("这段时间不算在村里和镇里的时间里。")


def _pause(stage: CaseStage) -> str:
    pause = stage.pauses.filter(ended_at__isnull=True).first()
    if pause is None:
        return str(CaseState.PAUSED.label)
    return _("从%(day)s起先停着：%(reason)s（%(evidence)s）。") % {
        "day": words.short_day(pause.started_at),
        "reason": pause.get_reason_display(),
        "evidence": pause.evidence,
    }


def _time(case: Case, left: int | None) -> str:
    if case.closed_at:
        return _("%(day)s办结") % {"day": words.short_day(case.closed_at)}
    if not case.accepted_at:
        stage = case.stage
        if case.notice_at or stage.limit_on is None:
            return _("材料齐了才开始算")
        return _("%(day)s前说清缺什么") % {"day": words.short_day(stage.limit_on)}
    if left is None:
        return str(case.item.promised_text)
    unit = _("天") if case.item.promised_kind == DAYS else _("个工作日")
    facts = {"number": abs(left), "unit": unit}
    if left < 0:
        return _("超了%(number)s%(unit)s") % facts
    if case.stopped_on:
        return _("先停着，还剩%(number)s%(unit)s") % facts
    return _("还剩%(number)s%(unit)s") % facts if left else _("今天到期")
