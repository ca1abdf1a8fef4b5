"""Rows of the list of people with logins."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers import codes
from centers.members import access
from centers.members.posts import RESTORED_WITHIN
from centers.models import Membership
from portal.accounts.models import Invitation, User
from portal.ui import words

HELD, WAITING, ENDED = "held", "waiting", "ended"
SHOWN: dict[str, str | Promise] = {
    HELD: gettext_lazy("在任的"),
    WAITING: gettext_lazy("还没登录过"),
    ENDED: gettext_lazy("刚结束的"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody's account stands, as a pill: word, tone, and one line more."""

    word: str
    tone: str
    more: str = ""


def posts(by: User, *, show: str, typed: str, code: str | None) -> QuerySet[Membership]:
    """Posts in reach, by place and rank; `show` is a key of SHOWN, `typed` a name or a place."""
    rows = access.within(Membership.objects.all(), "division__code", by)
    if code:
        rows = rows.filter(division__code__range=codes.span(code))
    rows = rows.filter(revoked_at__gt=timezone.now() - RESTORED_WITHIN) if show == ENDED else rows.held()
    if show == WAITING:
        rows = rows.filter(user__last_login__isnull=True, user__is_active=True)
    if typed:
        rows = rows.filter(user__name__icontains=typed) | rows.filter(division__name__icontains=typed)
    slip = Invitation.objects.standing().filter(user=OuterRef("user")).values("expires_at")
    rows = rows.annotate(slip_until=Subquery(slip[:1])).select_related("user", "division")
    return rows.order_by(*([F("revoked_at").desc()] if show == ENDED else []), "division__code", "user__name", "pk")


def slip_of(member: User) -> datetime | None:
    """Until when the slip that the person holds is, or was, valid."""
    return Invitation.objects.standing().filter(user=member).values_list("expires_at", flat=True).first()


def standing(member: User, slip_until: datetime | None, now: datetime) -> Standing:
    if not member.is_active:
        return Standing(_("停用"), "bad", _("现在登录不了"))
    slip = ""
    if slip_until:
        valid = _("邀请单%(day)s前有效") if slip_until > now else _("邀请单%(day)s过期了，请再打印一张")
        slip = valid % {"day": words.short_day(slip_until)}
    if member.last_login is None:
        return Standing(_("还没登录过"), "warn", slip)
    if slip:
        return Standing(_("等着凭单登录"), "warn", slip)
    return Standing(_("能登录"), "good", _("上次登录：%(when)s") % {"when": words.ago(member.last_login, now)})
