"""Swaps (换班): requested, accepted or refused. Accepting changes the roster in the same transaction."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.access import has_permission
from centers.days import staffing
from centers.duty import messages as said
from centers.duty import rosters
from centers.models import DutyShift, Roster, ShiftSwap, Staff
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.notifications import services as notifications
from portal.notifications.models import Message, State
from portal.ui.errors import Changed, NotAllowed, RuleBroken, explain
from portal.ui.idempotency import make_once


@transaction.atomic
def ask(*, shift: DutyShift, taker: Staff, in_return: DutyShift | None = None, reason: str = "", by: User) -> ShiftSwap:
    """Ask a colleague of the same center to take over a shift. Idempotent.

    Raises NotAllowed, Changed and RuleBroken `past`, `not_here`, `oneself`, `not_theirs`, `left`, `away`.
    """
    if not _speaks_for(shift.staff, by):
        raise NotAllowed(_("只能换自己的班；替别人换，要由中心负责人来做。"))
    swap = ShiftSwap(shift=shift, taker=taker, in_return=in_return, reason=reason, asked_by=by)
    _check(swap, _("请换一个人问。"))
    waiting = ShiftSwap.objects.waiting().filter(shift=shift, taker=taker)
    return waiting.first() or make_once(partial(_ask, swap), waiting.first)


def _ask(swap: ShiftSwap) -> ShiftSwap:
    swap.save()
    if swap.taker.user_id != swap.asked_by_id:
        notifications.plan(said.swap_asked(swap, timezone.now()))
    return swap


@transaction.atomic
def agree(*, swap: ShiftSwap, by: User) -> ShiftSwap:
    """Accept: the taker gets the shift. Idempotent. Raises as `ask` does, and RuleBroken from the roster."""
    _check_may_answer(swap, by)
    # In the order of all who lock more than one of these, against deadlocks: rosters, staff, the swap.
    shifts = [shift for shift in (swap.shift, swap.in_return) if shift]
    locking.lock(Roster, [shift.roster_id for shift in shifts], no_key=True)
    # A leave that is agreed to at this moment comes before the swap or after it, and not beside it.
    locking.lock(Staff, [swap.taker_id, swap.shift.staff_id], no_key=True)
    try:
        with transaction.atomic():
            agreed = ShiftSwap.objects.waiting().filter(pk=swap.pk).update(agreed_at=timezone.now(), agreed_by=by)
    except IntegrityError as error:
        raise explain(error) from error
    if not agreed:
        return _as_it_is(swap, "agreed_at")
    swap = ShiftSwap.objects.for_pages().get(pk=swap.pk)
    _check(swap, _("请回不换，再另找一个人顶。"))
    rosters.exchange(shift=swap.shift, taker=swap.taker, in_return=swap.in_return, by=by)
    _notify_asker(swap, said.swap_agreed, by)
    return _as_it_is(swap, "agreed_at")


@transaction.atomic
def refuse(*, swap: ShiftSwap, by: User) -> ShiftSwap:
    """Refuse a swap. Idempotent. Raises NotAllowed, Changed."""
    _check_may_answer(swap, by)
    if ShiftSwap.objects.waiting().filter(pk=swap.pk).update(refused_at=timezone.now(), refused_by=by):
        _notify_asker(swap, said.swap_refused, by)
    return _as_it_is(swap, "refused_at")


@transaction.atomic
def withdraw(*, swap: ShiftSwap, by: User) -> ShiftSwap:
    """Withdraw an unanswered swap, by whoever asked. Idempotent. Raises NotAllowed, Changed."""
    if not _speaks_for(swap.shift.staff, by):
        raise NotAllowed(_("收回换班要由提出的人来做。"))
    if ShiftSwap.objects.waiting().filter(pk=swap.pk).update(withdrawn_at=timezone.now()):
        _notify_withdrawn(swap)
    return _as_it_is(swap, "withdrawn_at")


def may_answer(swap: ShiftSwap, by: User) -> bool:
    return _speaks_for(swap.taker, by)


def may_give_away(shift: DutyShift, by: User) -> bool:
    return _speaks_for(shift.staff, by)


def may_withdraw(swap: ShiftSwap, by: User) -> bool:
    return _speaks_for(swap.shift.staff, by)


def _notify_asker(swap: ShiftSwap, how, by: User) -> None:
    """Cancel the pending question and notify whoever asked, unless they answered it themselves."""
    notifications.cancel(said.subject_of(swap), [said.SWAP_ASKED])
    if swap.shift.staff.user_id != by.pk:
        notifications.plan(how(swap, timezone.now()))


def _notify_withdrawn(swap: ShiftSwap) -> None:
    """Cancel the question if it is unsent; if it was sent, tell the recipient that no answer is needed."""
    subject = said.subject_of(swap)
    notifications.cancel(subject, [said.SWAP_ASKED])
    if Message.objects.about(subject).filter(kind=said.SWAP_ASKED).exclude(state=State.WITHDRAWN).exists():
        notifications.plan(said.swap_withdrawn(swap, timezone.now()))


def _check_may_answer(swap: ShiftSwap, by: User) -> None:
    if not may_answer(swap, by):
        raise NotAllowed(_("要由被请来顶班的人，或中心负责人来回话。"))


def _check(swap: ShiftSwap, instead: str) -> None:
    """What holds when a swap is asked for, and has to hold still when it is agreed to; `instead` says what to do else.

    Raises Changed, RuleBroken `past`, `not_here`, `oneself`, `not_theirs`, `left`, `away`.
    """
    shift, taker, in_return = swap.shift, swap.taker, swap.in_return
    given = [(shift, taker), *([(in_return, shift.staff)] if in_return else [])]
    if any(one.removed_in is not None for one, _person in given):
        raise Changed(_("这个班刚刚已经换给别人了，或者被改过了。什么都没有动，请看看最新的值班表。"))
    if any(_is_past(one) for one, _person in given):
        raise RuleBroken(_("这个班已经过去了，不能再换。请看看最新的值班表。"), code="past")
    if taker.center_id != shift.staff.center_id:
        raise RuleBroken(_("只能跟同一个中心的人换。%(instead)s"), code="not_here", instead=instead)
    if taker.pk == shift.staff_id:
        raise RuleBroken(_("这个班本来就是他（她）的。请选另一个人。"), code="oneself")
    if in_return and in_return.staff_id != taker.pk:
        raise RuleBroken(_("要换回的班不是他（她）的。请另选一个。"), code="not_theirs")
    for one, person in given:
        if person.left_on and person.left_on <= one.date:
            said = _("%(name)s那天已经不在这里上班了，上不了这个班。%(instead)s")
            raise RuleBroken(said, code="left", name=person.name, instead=instead)
        if (person.pk, one.date, one.part) in staffing.absences([person.center_id], one.date, one.date):
            said = _("%(name)s那半天请了假，上不了这个班。%(instead)s")
            raise RuleBroken(said, code="away", name=person.name, instead=instead)


def _is_past(shift: DutyShift) -> bool:
    return shift.date < timezone.localdate()


def _speaks_for(person: Staff, user: User) -> bool:
    """The person, or the center's manager on their behalf."""
    return person.user_id == user.pk or has_permission(user, Permission.MANAGE_CENTER, at=person.center)


def _as_it_is(swap: ShiftSwap, moment: str) -> ShiftSwap:
    swap = ShiftSwap.objects.for_pages().get(pk=swap.pk)
    if getattr(swap, moment) is None:
        if ShiftSwap.objects.filter(shift=swap.shift_id, agreed_at__isnull=False).exclude(pk=swap.pk).exists():
            raise Changed(_("这个班已经换给别人了。请看看最新的值班表。"), code="a_shift_is_given_away_once")
        raise Changed(_("这次换班刚刚已经有了结果。请看看最新的情况。"))
    return swap
