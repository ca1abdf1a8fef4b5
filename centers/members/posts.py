"""Changing, ending and restoring somebody's post. What has ended stays as a row (soft delete)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.days.keeping import keep
from centers.duty import people
from centers.members import changes
from centers.models import Division, MemberChange, Membership, Staff
from centers.services import members
from portal import locking
from portal.accounts import invitations
from portal.accounts.devices import sign_out_everywhere
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.ui.errors import Changed, NotAllowed

# Our default: how long an ended post can be taken back by one tap.
RESTORED_WITHIN = timedelta(days=30)


@transaction.atomic
def change(*, pk: int, role: str, title: str, seen: str, by: User) -> Membership:
    """Give a post another title, or another role: then the old one ends and a new one begins.

    `seen`: the title that the page showed. Raises NotAllowed and Changed.
    """
    post = _held(pk)
    members.check_may_grant(by=by, role=post.role, division=post.division)
    if post.title != seen:
        raise Changed
    if role == post.role:
        post.title = title
        post.save(update_fields=["title"])
    else:
        _check_somebody_stays(post, by)
        members.revoke(membership=post, by=by)
        post = members.grant(user=post.user, division=post.division, role=role, title=title, by=by)
    changes.record(MemberChange.Kind.CHANGED, member=post.user, division=post.division, role=role, by=by)
    return post


@transaction.atomic
def end(*, pk: int, leaves_roster: bool, by: User) -> Membership:
    """End a post: its rights, every session, and with `leaves_roster` the person's place on the roster from today.

    Raises NotAllowed, and Changed if it has ended meanwhile.
    """
    post = _held(pk)
    _check_somebody_stays(post, by)
    members.check_may_grant(by=by, role=post.role, division=post.division)
    post.revoked_at = timezone.now()
    if leaves_roster and (person := on_roster(post)):
        person.left_on = timezone.localdate()
        post.left_with = people.save(person=person, by=by)
    post.save(update_fields=["revoked_at", "left_with"])
    sign_out_everywhere(post.user)
    if not Membership.objects.held().filter(user=post.user).exists():
        invitations.void(post.user)
    changes.record(MemberChange.Kind.ENDED, member=post.user, division=post.division, role=post.role, by=by)
    return post


@transaction.atomic
def restore(*, pk: int, by: User) -> Membership:
    """Take an end back: the role, and the place on the roster that ended with it. Raises NotAllowed and Changed."""
    post = locking.locked(Membership.objects.all(), pk)
    members.check_may_grant(by=by, role=post.role, division=post.division)
    again = Membership.objects.held().filter(user=post.user, division=post.division, role=post.role)
    if not can_be_restored(post) or again.exists():
        raise Changed(_("这个职务已经恢复了，或者结束得太久。要再给他（她），请重新请进来。"))
    person, post.revoked_at, post.left_with = post.left_with, None, None
    post.save(update_fields=["revoked_at", "left_with"])
    if person and person.left_on:
        person.left_on = None
        people.save(person=person, by=by)
        keep([person.center])
    changes.record(MemberChange.Kind.RESTORED, member=post.user, division=post.division, role=post.role, by=by)
    return post


def can_be_restored(post: Membership) -> bool:
    return post.revoked_at is not None and timezone.now() - post.revoked_at < RESTORED_WITHIN


def on_roster(post: Membership) -> Staff | None:
    """Where the member is on the roster of the post's center, without an end."""
    rows = Staff.objects.filter(user=post.user, center__division=post.division, left_on__isnull=True)
    return rows.select_related("center__division").first()


def _held(pk: int) -> Membership:
    try:
        return locking.locked(Membership.objects.held().select_related("user", "division"), pk, no_key=True)
    except Membership.DoesNotExist:
        raise Changed(_("这个职务刚刚被别人结束了。请看看最新的情况。")) from None


def _check_somebody_stays(post: Membership, by: User) -> None:
    """The last county administrator cannot end their own post: nobody could let anybody in any more.

    Of two who end their own posts at once the second waits here and finds nobody left.
    """
    if post.role != Role.COUNTY or post.user_id != by.pk:
        return
    locking.lock(Division, [post.division_id], no_key=True)
    others = Membership.objects.awake().filter(division=post.division, role=Role.COUNTY).exclude(pk=post.pk)
    if not others.exists():
        raise NotAllowed(_("您是最后一位县级管理员，不能结束自己的职务。请先请一位进来。"), code="last_one")
