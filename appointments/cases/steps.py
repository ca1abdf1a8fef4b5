"""The steps offered for a case, by state, level and user; each with label, form and service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from appointments.cases import forms
from appointments.cases import services as cases
from appointments.cases.models import Case, CaseState, Level
from appointments.catalog.models import HandlingMode
from portal.ui import pages


@dataclass(frozen=True, slots=True)
class Step:
    """`form` is shown first; a step without a form needs one tap. `anywhere`: allowed to the village at every stage."""

    key: str
    word: str | Promise
    icon: str
    do: Callable[..., Any]
    done: str | Promise
    form: type[forms.StepForm] | None = None
    explain: str | Promise = ""
    anywhere: bool = False
    is_seen: bool = True  # whether the service takes `seen`, the stage on the user's screen

    @property
    def asks(self) -> bool:
        """For templates, which would call the form's class instead of testing it."""
        return self.form is not None


def _all() -> list[Step]:
    return [
        Step("accept", _("材料齐了，受理"), "check", cases.accept, _("受理了，承诺的时间从今天算起。")),
        Step(
            "accept-rest",
            _("先受理，材料后补"),
            "check",
            cases.accept,
            _("先受理了，后补的材料记在清单上。"),
            forms.AcceptForm,
            _("容缺受理：主要材料都在，只差不影响审核的，可以先受理，边办边补。"),
        ),
        Step(
            "notice",
            _("一次告知缺什么"),
            "paper",
            cases.tell_missing,
            _("告知了，请把告知单打印给他（她）。"),
        ),
        Step("forward", _("送到镇里"), "next", cases.forward, _("送到镇里了。")),
        Step("take", _("签收"), "in", cases.acknowledge, _("签收了，从现在起由您办。")),
        Step(
            "department",
            _("送到部门"),
            "out",
            cases.send_to_department,
            _("送到部门了。村里和镇里的表停着，等它回来。"),
            forms.DepartmentForm,
            _("部门办的时间不算在村里和镇里的时间里，另外记着，群众看得到在哪个部门、几天了。"),
        ),
        Step(
            "back",
            _("部门办回来了"),
            "in",
            cases.return_from_department,
            _("拿回来了，接着计时。"),
            forms.NoteForm,
            _("从今天起接着计时。"),
        ),
        Step(
            "return",
            _("退回村里"),
            "back",
            cases.return_to_village,
            _("退回村里了。"),
            forms.ReturnForm,
            _("退回会记次数。请一次说清楚还要做什么。"),
        ),
        Step(
            "finish",
            _("登记结果"),
            "done",
            cases.finish,
            format_lazy(_("结果记下了。发不了短信的，在{page}里，请打个电话。"), page=pages.quoted("delivery_board")),
            forms.FinishForm,
            _("办成了的，会请群众来领。"),
        ),
        Step(
            "hand-over",
            _("交到群众手里"),
            "gift",
            cases.hand_over,
            _("交付了，这件事办完了。"),
            forms.HandOverForm,
            anywhere=True,
            is_seen=False,
        ),
        Step(
            "again",
            _("群众说没办好"),
            "talk",
            cases.reopen,
            _("接着办，原来的办结不算数。"),
            forms.AgainForm,
            _("办结七天内群众说没办好的，接着办。承诺的日期不变。"),
            anywhere=True,
            is_seen=False,
        ),
        Step(
            "pause",
            _("停表"),
            "wait",
            cases.pause,
            _("停表了，原因和凭据群众看得到。"),
            forms.PauseForm,
            _("只有写得出原因和凭据的，才能停表。停几天，承诺的日期往后推几天。"),
        ),
        Step("resume", _("恢复计时"), "clock", cases.resume, _("接着计时了。")),
        Step(
            "transfer",
            _("转给同事"),
            "people",
            cases.transfer,
            _("转好了。首接责任人没有变。"),
            forms.TransferForm,
            _("转交会记次数，首接责任人不变。"),
            anywhere=True,
            is_seen=False,
        ),
        Step(
            "take-over",
            _("我来接手"),
            "person",
            cases.take_over,
            _("您接手了。首接责任人没有变。"),
            forms.TakeOverForm,
            _("经办人不在时由AB岗接手，首接责任人不变。"),
            anywhere=True,
            is_seen=False,
        ),
        Step(
            "withdraw",
            _("群众不办了"),
            "cross",
            cases.withdraw,
            _("记下了：群众不办了。"),
            forms.WithdrawForm,
            _("只有群众自己说不办了，才点这里。要重新办，得另登记一件。"),
            anywhere=True,
        ),
    ]


STEPS = {step.key: step for step in _all()}


def offered(case: Case, levels: set[str], user) -> list[Step]:
    """The steps that the user may take now, the next one first."""
    return [STEPS[key] for key in _keys(case, levels, user)]


def next_up(offered_steps: list[Step]) -> Step | None:
    """The step that brings the case towards its result; None while the case is at another level."""
    return offered_steps[0] if offered_steps and offered_steps[0].key not in _SIDE_STEPS else None


# Steps that are possible at any time and do not bring the case towards its result.
_SIDE_STEPS = {"transfer", "take-over", "withdraw", "accept-rest", "again"}


def _keys(case: Case, levels: set[str], user) -> list[str]:
    state, stage = case.state, case.stage
    if case.closed_at:
        return _after_closing(case, state) if Level.VILLAGE in levels else []
    keys = _at_level(case, state, stage, user) if stage.keeper in levels else []
    if Level.VILLAGE in levels:
        keys += ["transfer"] if case.owner_id == user.pk else ["take-over"]
        keys += ["withdraw"]
    return keys


def _after_closing(case: Case, state: CaseState) -> list[str]:
    """The desk reopens a case for a caller who does not have the link."""
    fetched = ["hand-over"] if state == CaseState.FETCH else []
    return [*fetched, "again"] if cases.can_be_reopened(case) else fetched


def _at_level(case: Case, state: CaseState, stage, user) -> list[str]:
    """Steps at the level that has the case now."""
    if state in (CaseState.CHECKING, CaseState.LACKING):
        return _before_acceptance(case)
    if state == CaseState.PAUSED:
        return ["resume"]
    if state == CaseState.DEPARTMENT:
        return ["back", "finish"]
    if state == CaseState.TOWNSHIP:
        first = [] if stage.owner_id else ["take"]
        return [*first, "finish", "department", "return", "pause"]
    # After a township stage, the village usually only finishes the case.
    is_first_proxy_stage = case.item.handling_mode == HandlingMode.PROXY and stage.number == 1
    return [*(["forward", "finish"] if is_first_proxy_stage else ["finish", "forward"]), "department", "pause"]


def _before_acceptance(case: Case) -> list[str]:
    if not any(not paper.is_there for paper in case.materials.all()):
        return ["accept", "finish"]
    return ["accept-rest", "finish"] if case.notice_at else ["notice", "accept-rest", "finish"]
