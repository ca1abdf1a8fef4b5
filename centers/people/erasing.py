"""An account is ended by its owner, and the name of the person with it; undoing it is impossible.

What lies ahead is cancelled or kept, as they say. What is kept, and an open case, needs the name until it is over: the
wish is stored (`Erasure`), and the job that forgets people carries it out then. Source: PIPL Art. 47 (A21).
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import Consent, Erasure, FamilyLink, Membership, Resident, Staff
from centers.people import retention
from centers.people.consents import own_residents
from centers.people.retention import Ahead
from portal import locking
from portal.accounts.models import LoginCode, User
from portal.retention import GONE, forget_history
from portal.ui.errors import Changed, RuleBroken


def check_may(user: User) -> None:
    """Raises RuleBroken `is_staff`, `is_asleep`."""
    posts = [
        *(f"{one.division.short_name}{one.get_role_display()}" for one in _memberships(user)),
        *(one.center.name for one in Staff.objects.working().filter(user=user).select_related("center")),
    ]
    if user.is_staff or user.is_superuser or posts:
        sentence = _(
            "您还有职务（%(posts)s），账户不能自己注销。请上一级的管理员先结束您的职务，村里的找乡镇，乡镇的找县里。"
        )
        where = _("、").join(dict.fromkeys(posts)) or _("系统管理")
        raise RuleBroken(sentence, code="is_staff", posts=where)
    if user.asleep_since:
        sentence = _("这个号码现在是谁的，还没有认过，不能注销。请到村里的中心见个面，再来注销。")
        raise RuleBroken(sentence, code="is_asleep")


def lies_ahead(user: User, now: datetime) -> list[Ahead]:
    """What is not over of whom the account is itself, what goes on by itself first."""
    own = own_residents(user)
    found = [one for traces in retention.all_traces() for one in traces.ahead(own, now)]
    return sorted(found, key=lambda one: not one.goes_on)


def version_of(ahead: Iterable[Ahead]) -> str:
    """Of what the page has shown."""
    return hashlib.sha256("\n".join(sorted(one.key for one in ahead)).encode()).hexdigest()[:16]


def end_account(*, user: User, keeps: bool, version: str) -> bool:
    """True if the name is erased at once, False if it waits for what goes on.

    Raises Changed if something else lies ahead than was shown; what was to be cancelled is cancelled by then. Raises
    what `check_may` raises.
    """
    check_may(user)
    shown = _end_what_was_shown(user, keeps, version)
    with transaction.atomic():
        own = own_residents(user)
        locking.lock(User, [user.pk], no_key=True)  # a booking of theirs may point at it meanwhile
        locking.lock(Resident, own)  # who books now waits for the lock, and finds nobody
        user = User.objects.get(pk=user.pk)
        check_may(user)
        now = timezone.now()
        left = lies_ahead(user, now)
        if {one.key for one in left} - shown or (not keeps and any(not one.goes_on for one in left)):
            raise Changed
        Erasure.objects.bulk_create([Erasure(resident_id=pk, account=user, asked_at=now) for pk in own])
        _close(user, own, now)
        pks = sorted(retention.to_erase(now).filter(pk__in=own).values_list("pk", flat=True))
        retention.erase(pks)
    return set(pks) == set(own)


def _end_what_was_shown(user: User, keeps: bool, version: str) -> set[str]:
    """Keys of what lies ahead, cancelled unless they keep it. Raises Changed if that is not what the page has shown."""
    ahead = lies_ahead(user, timezone.now())
    if version_of(ahead) != version:
        raise Changed
    shown = {one.key for one in ahead}
    if not keeps:
        # Each in its own transaction, before the people are locked: a booking is locked before its person.
        for traces in retention.all_traces():
            traces.end(own_residents(user), shown, user)
    return shown


def _close(user: User, own: list[int], now: datetime) -> None:
    """The account stays as the row that others point at: nobody signs in with it, and it says nothing of anybody."""
    links = FamilyLink.objects.filter(Q(user=user) | Q(resident__in=own), ended_at__isnull=True)
    links.update(ended_at=now, ended_by=user)
    Consent.objects.filter(user=user, ended_at__isnull=True).update(ended_at=now)
    devices = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(devices.values_list("session_key", flat=True))).delete()
    devices.delete()
    Authenticator.objects.filter(user=user).delete()
    LoginCode.objects.filter(phone=user.phone).delete()
    user.username, user.name, user.email, user.phone, user.phone_verified_at = f"{GONE}{user.pk}", "", "", None, None
    user.is_active = False
    user.set_unusable_password()  # ends every session, also those without a device
    user.save()
    forget_history(User.objects.filter(pk=user.pk))
    forget_history(FamilyLink.objects.filter(user=user))


def _memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.active().filter(user=user).select_related("division")
