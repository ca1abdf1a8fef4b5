"""Leave (请假): requested, approved by center or township depending on its length, withdrawn. Updates the slots."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.access import has_permission
from centers.days.keeping import keep
from centers.duty import leave_levels
from centers.duty import messages as said
from centers.models import Leave, Staff
from centers.rules.reading import value
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.notifications import services as notifications
from portal.ui.errors import Changed, NotAllowed, RuleBroken, explain


@transaction.atomic
def ask(
    *, staff: Staff, first_date: date, first_part: str, last_date: date, last_part: str, reason: str = "", by: User
) -> Leave:
    """Request a leave for oneself or, as the manager, for somebody else. Idempotent.

    Raises NotAllowed and RuleBroken `not_in_order`, `too_long`, `past`, `left`, `overlaps`.
    """
    if not (staff.user_id == by.pk or has_permission(by, Permission.MANAGE_CENTER, at=staff.center)):
        raise NotAllowed(_("只能给自己请假；替别人请，要由中心负责人来填。"))
    if not leave_levels.is_in_order(first_date, first_part, last_date, last_part):
        raise RuleBroken(_("结束的时间早于开始的时间。请看看日期和上午下午。"), code="not_in_order", field="last_date")
    if (last_date - first_date).days >= leave_levels.LONGEST:
        raise RuleBroken(
            _("一次请假最多%(most)d天。请看看年份；真要更久的，到时候再请一次。"),
            code="too_long",
            field="last_date",
            most=leave_levels.LONGEST,
        )
    # Row lock on the person, so that two overlapping requests cannot both pass the check (race).
    staff = locking.locked(Staff.objects.select_related("center"), staff.pk, no_key=True)
    span = {"first_date": first_date, "first_part": first_part, "last_date": last_date, "last_part": last_part}
    if same := _standing(staff).filter(**span).first():
        return same
    half_days = round(leave_levels.length(first_date, first_part, last_date, last_part) * 2)
    leave = Leave(staff=staff, half_days=half_days, reason=reason, asked_by=by, **span)
    _check(leave, _("请改成以后的日子。"), _("要改，请先收回原来那次，再重新请。"))
    try:
        with transaction.atomic():
            leave.save(force_insert=True)
    except IntegrityError as error:
        raise explain(error) from error
    return leave


@transaction.atomic
def agree(*, leave: Leave, by: User) -> Leave:
    """Approve a leave; the person is absent from now on. Idempotent.

    Raises NotAllowed (also `own_leave`), Changed, and RuleBroken `past`, `left`, `overlaps` as `ask` does.
    """
    # Whoever agrees to a swap locks the two people as well: of a leave and a shift for that time one comes first.
    locking.lock(Staff, [leave.staff_id], no_key=True)
    leave, now = Leave.objects.for_pages().get(pk=leave.pk), timezone.now()
    check_may_decide(leave, by)
    if not leave.is_waiting:
        return _as_it_is(leave, "agreed_at")
    _check(leave, _("请回不同意，写明原因。"), _("请先把另一次收回，或者这次回不同意。"))
    if Leave.objects.waiting().filter(pk=leave.pk).update(agreed_at=now, agreed_by=by):
        _follow(leave)
        notifications.plan(said.leave_agreed(leave, now))
    return _as_it_is(leave, "agreed_at")


@transaction.atomic
def refuse(*, leave: Leave, refusal: str, by: User) -> Leave:
    """Refuse a leave. Idempotent. Raises NotAllowed (also `own_leave`), Changed."""
    check_may_decide(leave, by)
    now = timezone.now()
    if Leave.objects.waiting().filter(pk=leave.pk).update(refused_at=now, refused_by=by, refusal=refusal):
        leave.refusal = refusal
        notifications.plan(said.leave_refused(leave, now))
    return _as_it_is(leave, "refused_at")


@transaction.atomic
def withdraw(*, leave: Leave, by: User) -> Leave:
    """Withdraw a leave, approved or not; by the person or the center's manager. Idempotent. Raises NotAllowed."""
    if not (leave.staff.user_id == by.pk or has_permission(by, Permission.MANAGE_CENTER, at=leave.staff.center)):
        raise NotAllowed(_("收回请假要由本人或中心负责人来做。"))
    if leave.last_date < timezone.localdate():
        raise RuleBroken(_("这次请假已经过去了，不能再收回。"), code="past")
    open_still = Leave.objects.filter(pk=leave.pk, refused_at__isnull=True, withdrawn_at__isnull=True)
    if open_still.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        _follow(leave)
        notifications.cancel(said.subject_of(leave), [said.LEAVE_ANSWERED])
    return _as_it_is(leave, "withdrawn_at")


def level_of(leave: Leave) -> str:
    """By the rules of the day on which it was decided; while it waits, of today."""
    by_center = value("LEAVE_DAYS_BY_CENTER", leave.staff.center_id, _decided_on(leave))
    return leave_levels.level(leave.days, by_center=by_center, reported=_reported(leave))


def _reported(leave: Leave) -> int:
    return value("LEAVE_DAYS_REPORTED", leave.staff.center_id, _decided_on(leave))


def _decided_on(leave: Leave) -> date:
    return timezone.localdate(leave.agreed_at or leave.refused_at)


def may_decide(leave: Leave, by: User) -> bool:
    try:
        check_may_decide(leave, by)
    except NotAllowed:
        return False
    return True


def check_may_decide(leave: Leave, by: User) -> None:
    """The center's manager for short leaves, the township for all; nobody for their own. Raises NotAllowed."""
    if leave.staff.user_id == by.pk:
        raise NotAllowed(_("自己的假要由别人同意：请找另一位负责人，或者乡镇。"), code="own_leave")
    center = leave.staff.center
    if has_permission(by, Permission.APPROVE_LEAVE, at=center):
        return
    if level_of(leave) == leave_levels.TOWNSHIP:
        raise NotAllowed(_("%(days)s天以上的假要由乡镇同意。"), code="township_decides", days=_reported(leave))
    if not has_permission(by, Permission.MANAGE_CENTER, at=center):
        raise NotAllowed(_("同意请假要由中心负责人或乡镇来做。"))


def _check(leave: Leave, instead: str, instead_of_two: str) -> None:
    """What holds when a leave is asked for, and has to hold still when it is agreed to. Call it with the person locked.

    `instead` says what to do where it is too late, `instead_of_two` where there is another one.
    Raises RuleBroken `past`, `left`, `overlaps`.
    """
    if leave.last_date < timezone.localdate():
        sentence = _("这几天已经过去了，不能再请。%(instead)s")
        raise RuleBroken(sentence, code="past", field="last_date", instead=instead)
    if leave.staff.left_on and leave.staff.left_on <= leave.first_date:
        sentence = _("%(name)s那几天已经不在这里上班了，不用请假。%(instead)s")
        raise RuleBroken(sentence, code="left", name=leave.staff.name, instead=instead)
    others = _standing(leave.staff).touching(leave.first_date, leave.last_date).exclude(pk=leave.pk)
    if others.exists():
        raise RuleBroken(_("这几天里已经请过假了。%(instead)s"), code="overlaps", instead=instead_of_two)


def _standing(staff: Staff):
    return Leave.objects.filter(staff=staff, refused_at__isnull=True, withdrawn_at__isnull=True)


def _follow(leave: Leave) -> None:
    keep([leave.staff.center], leave.first_date, leave.last_date)


def _as_it_is(leave: Leave, moment: str) -> Leave:
    """The leave, if `moment` is set already (idempotent repeat); raises Changed if it was decided otherwise."""
    leave = Leave.objects.for_pages().get(pk=leave.pk)
    if getattr(leave, moment) is None:
        raise Changed(_("这次请假刚刚已经有了结果。请看看最新的情况。"))
    return leave
