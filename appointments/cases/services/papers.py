"""The checklist: papers handed in, the one-time notice of what is missing, and acceptance.

Source: Administrative Licensing Law Art. 32 (4): everything missing must be told at once within five days; without a
notice in that time, the case counts as accepted from the day on which the papers were received.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.cases import messages as case_messages
from appointments.cases.models import AcceptedAs, Case, CaseMaterial, CaseStep
from appointments.cases.services import clock
from appointments.cases.services.stages import Now, lock_stage, log
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui import words
from portal.ui.errors import RuleBroken


@transaction.atomic
def tick(*, material: CaseMaterial, is_there: bool, by: User) -> CaseMaterial:
    """Record that a paper was received or handed back. Idempotent. Raises RuleBroken `closed`, `accepted`."""
    case = Case.objects.locked(material.case_id)
    material = case.materials.get(pk=material.pk)
    if material.is_there == is_there:
        return material
    if case.closed_at:
        raise RuleBroken(_("这件事已经办结，材料清单不再改动。"), code="closed")
    if case.accepted_at and not is_there:
        raise RuleBroken(_("已经受理，收到的材料不能再退。确实要退，请先和镇里说明。"), code="accepted")
    now = Now.read()
    material.there_at = now.at if is_there else None
    material.save(update_fields=["there_at"])
    log(case, CaseStep.Kind.PAPER if is_there else CaseStep.Kind.NO_PAPER, now, by, material.name)
    return material


@transaction.atomic
def tell_missing(*, case: Case, seen: int, by: User) -> Case:
    """Send the notice of everything that is missing, on paper and by message; only once a case.

    Raises Changed, RuleBroken `told_before` (with the day), `nothing_missing`, `accepted`.
    """
    case, stage = lock_stage(case, seen)
    now = Now.read()
    _expect_open_papers(case)
    missing = list(case.materials.filter(there_at__isnull=True))
    if not missing:
        raise RuleBroken(_("材料已经齐了，不用告知，直接受理就行。"), code="nothing_missing")
    # Conditional UPDATE: of two concurrent notices, one is sent.
    is_first_notice = Case.objects.filter(pk=case.pk, notice_at__isnull=True).update(notice_at=now.at, notice_by=by)
    if not is_first_notice:
        said = words.moment(case.notice_at) if case.notice_at else _("刚刚")
        raise RuleBroken(
            _("缺什么已经在%(when)s一次告知过了，不再重复发。要再给一份，请打印告知单。") % {"when": said},
            code="told_before",
        )
    case.notice_at, case.notice_by = now.at, by
    # The case waits for the villager now, so the stage has no deadline.
    stage.limit_on = stage.limit_days = None
    stage.save(update_fields=["limit_on", "limit_days"])
    log(case, CaseStep.Kind.NOTICE, now, by, _("、").join(paper.name for paper in missing))
    notifications.plan(case_messages.missing(case, now.at))
    return case


@transaction.atomic
def accept(*, case: Case, seen: int, by: User, following: Collection[int] = ()) -> Case:
    """Accept: every paper is there, or is one of `following` (pks), which may be handed in later (容缺受理).

    Raises Changed, RuleBroken `accepted`, `papers_missing`.
    """
    case, _stage = lock_stage(case, seen)
    now = Now.read()
    _expect_open_papers(case)
    missing = list(case.materials.filter(there_at__isnull=True))
    if left := [paper.name for paper in missing if paper.pk not in following]:
        raise RuleBroken(
            _("还缺%(papers)s，先不能受理。等材料齐了，或者勾上可以后补的。") % {"papers": _("、").join(left)},
            code="papers_missing",
        )
    if missing:
        case.materials.filter(pk__in=[paper.pk for paper in missing]).update(may_follow=True)
    return accept_now(case, now, by, AcceptedAs.FOLLOWING if missing else AcceptedAs.COMPLETE)


def accept_now(case: Case, now: Now, by: User | None, accepted_as: str = AcceptedAs.COMPLETE) -> Case:
    """Starts the promised time: today, or retroactively at opening for a case that is deemed accepted."""
    case.accepted_at = case.opened_at if accepted_as == AcceptedAs.DEEMED else now.at
    case.accepted_as = accepted_as
    day = timezone.localdate(case.accepted_at)
    clock.start(case, day, now.is_workday)
    case.save(update_fields=["accepted_at", "accepted_as", "promised_on", "statutory_on", "is_provisional"])
    stage = case.stage
    clock.set_limit(case, stage, day, now.is_workday)
    stage.save(update_fields=["limit_on", "limit_days"])
    log(case, CaseStep.Kind.ACCEPTED, now, by, case.get_accepted_as_display())
    notifications.cancel(case_messages.subject_of(case), [case_messages.MISSING])
    return case


def _expect_open_papers(case: Case) -> None:
    if case.accepted_at:
        raise RuleBroken(_("这件事已经受理了。"), code="accepted")
