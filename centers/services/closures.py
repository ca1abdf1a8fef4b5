"""Closures of a center (停开): requested by the center, approved by the township, never deleted."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import codes
from centers.access import has_permission
from centers.days.keeping import keep
from centers.models import Center, ClosureNotice, Membership
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Permission, roles_with
from portal.ui.errors import Changed, NotAllowed, RuleBroken, explain


@transaction.atomic
def request(
    *, center: Center, starts_at: datetime, ends_at: datetime, reason: str, note: str = "", by: User
) -> ClosureNotice:
    """Request a closure from the township. Idempotent: the same times again are the same request, while it stands.

    Raises NotAllowed, and RuleBroken when validation fails, also `over`, `merged`.
    """
    if not has_permission(by, Permission.MANAGE_CENTER, at=center):
        raise NotAllowed(_("只有这个中心的负责人能申请停开。"))
    # Of two who ask at once, the second finds what the first has made.
    center = locking.locked(Center.objects.select_related("division"), center.pk, no_key=True)
    same = ClosureNotice.objects.filter(center=center, starts_at=starts_at, ends_at=ends_at, withdrawn_at=None)
    if earlier := same.first():
        return earlier
    closure = ClosureNotice(
        center=center, starts_at=starts_at, ends_at=ends_at, reason=reason, note=note, requested_by=by
    )
    _check(closure)
    closure.save(force_insert=True)
    return closure


@transaction.atomic
def approve(*, closure: ClosureNotice, by: User) -> ClosureNotice:
    """Approve a closure requested by somebody else; idempotent.

    Raises NotAllowed, Changed when it was withdrawn meanwhile, and RuleBroken as `request` does.
    """
    closure = _locked(closure)
    if not has_permission(by, Permission.APPROVE_CLOSURE, at=closure.center):
        raise NotAllowed(_("批准停开要由管这个中心的乡镇或县里来做。"))
    if closure.requested_by_id == by.pk:
        raise NotAllowed(_("自己申请的停开要由别人批准。"), code="own_request")
    if closure.withdrawn_at:
        raise Changed(_("这个停开申请已经撤回了，不用再批准。"))
    if closure.approved_at is None:
        _check(closure)
        take_effect(closure=closure, by=by)
    return closure


def take_effect(*, closure: ClosureNotice, by: User) -> None:
    """What approving writes, without its checks; a rehearsal of it names the people whom the closure touches."""
    closure.approved_at, closure.approved_by = timezone.now(), by
    closure.save(update_fields=["approved_at", "approved_by"])
    keep([closure.center], *days_of(closure))


@transaction.atomic
def withdraw(*, closure: ClosureNotice, by: User) -> ClosureNotice:
    """Withdraw a closure, approved or not; by the center or the township. Idempotent. Raises NotAllowed."""
    closure = _locked(closure)
    allowed = (Permission.MANAGE_CENTER, Permission.APPROVE_CLOSURE)
    if not any(has_permission(by, permission, at=closure.center) for permission in allowed):
        raise NotAllowed(_("撤回停开要由这个中心的负责人，或者管它的乡镇来做。"))
    if closure.withdrawn_at is None:
        closure.withdrawn_at = timezone.now()
        closure.save(update_fields=["withdrawn_at"])
        keep([closure.center], *days_of(closure))
    return closure


def approvers(closure: ClosureNotice) -> QuerySet[User]:
    """Who may approve it: others than who asked, at the township or above it, and nobody whose account sleeps."""
    code = closure.center.code
    held = Membership.objects.awake().filter(
        division__code__in=[code, *codes.ancestors(code)], role__in=roles_with(Permission.APPROVE_CLOSURE)
    )
    return (
        User.objects.filter(pk__in=held.values("user")).exclude(pk=closure.requested_by_id or 0).order_by("name", "pk")
    )


def days_of(closure: ClosureNotice) -> tuple[date, date]:
    """First and last local day of a closure; the end is exclusive, so one that ends at midnight ends the day before."""
    last = timezone.localtime(closure.ends_at) - timedelta(microseconds=1)
    return timezone.localdate(closure.starts_at), last.date()


def _check(closure: ClosureNotice) -> None:
    """What holds when a closure is asked for, and has to hold still when it is approved.

    Raises RuleBroken `over`, `merged`, and what validation says.
    """
    if closure.ends_at <= timezone.now():
        raise Changed(_("这段时间已经过去了，不用再停开。请看看日期。"), code="over")
    if closure.center.leads_to_id:
        raise RuleBroken(_("这个中心已经并到别的中心，不用再停开。请看看那个中心的时间。"), code="merged")
    try:
        closure.full_clean()
    except ValidationError as error:
        raise explain(error) from error


def _locked(closure: ClosureNotice) -> ClosureNotice:
    return locking.locked(ClosureNotice.objects.select_related("center__division"), closure.pk)
