"""Help for somebody who cannot get in, and closing an account: by the level above, never by oneself, and told to them.

Whoever helps has seen the person: what opens the account afterwards is a new slip, handed over.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from centers.members import changes
from centers.members.access import check_may_secure
from centers.models import MemberChange, Staff
from portal import locking
from portal.accounts import invitations, second_factor
from portal.accounts.devices import sign_out_everywhere
from portal.accounts.models import User
from portal.ui.errors import Changed, RuleBroken

Kind = MemberChange.Kind


def print_first(*, member: User, by: User) -> str:
    """A slip for somebody who has never signed in. Returns its code. Raises NotAllowed and Changed."""
    check_may_secure(by=by, member=member)
    if not has_never_been_in(member):
        raise Changed(_("%(name)s已经登录过了，不用邀请单。忘了密码的，请点“登录不了”。"), name=str(member))
    return invitations.issue(user=member, by=by)[1]


def has_never_been_in(member: User) -> bool:
    return member.last_login is None and not member.has_usable_password()


@transaction.atomic
def print_again(*, member: User, reason: str, by: User) -> str:
    """A slip for a forgotten password, which is valid until the slip is used. Returns its code. Raises NotAllowed."""
    check_may_secure(by=by, member=member)
    _record(Kind.PRINTED, member, by, reason)
    return invitations.issue(user=member, by=by)[1]


@transaction.atomic
def reset_factor(*, member: User, reason: str, by: User) -> str:
    """The second factor is lost: every way in ends but a new slip. Returns its code. Raises NotAllowed."""
    check_may_secure(by=by, member=member)
    second_factor.forget(member)
    _shut(member)
    _record(Kind.FACTOR_RESET, member, by, reason)
    return invitations.issue(user=member, by=by, is_only_way=True)[1]


@transaction.atomic
def change_number(*, member: User, phone: str, reason: str, by: User) -> str:
    """Another number to sign in with, also on the rosters that had the old one. Returns the code of a new slip.

    Raises NotAllowed, and RuleBroken if the number is another account's.
    """
    check_may_secure(by=by, member=member)
    person = locking.locked(User.objects.all(), member.pk, no_key=True)
    if person.phone == phone:
        raise RuleBroken(_("现在登记的就是这个号码。"), code="same_number", field="phone")
    if User.objects.filter(phone=phone).exists():
        raise RuleBroken(
            _("这个号码已经是另一个账号的。请核对号码；没有错的话，请系统管理员来合并。"),
            code="number_taken",
            field="phone",
        )
    if person.phone:
        for row in Staff.objects.filter(user=person, phone=person.phone):
            row.phone = phone
            row.save(update_fields=["phone"])
    person.phone, person.phone_verified_at = phone, None
    person.save(update_fields=["phone", "phone_verified_at"])
    _shut(person)
    _record(Kind.NUMBER_CHANGED, member, by, reason)
    return invitations.issue(user=member, by=by, is_only_way=True)[1]


@transaction.atomic
def switch(*, member: User, active: bool, reason: str, by: User) -> None:
    """Disable an account, which ends its sessions, or enable it again. Raises NotAllowed and Changed."""
    check_may_secure(by=by, member=member)
    person = locking.locked(User.objects.all(), member.pk, no_key=True)
    if person.is_active == active:
        raise Changed
    person.is_active = active
    person.save(update_fields=["is_active"])
    if not active:
        sign_out_everywhere(member)
    _record(Kind.ENABLED if active else Kind.DISABLED, member, by, reason)


def _shut(member: User) -> None:
    """No session and no password any more."""
    sign_out_everywhere(member)
    member.set_unusable_password()
    member.save(update_fields=["password"])


def _record(kind: MemberChange.Kind, member: User, by: User, reason: str) -> None:
    changes.record(kind, member=member, division=changes.place_of(member), by=by, reason=reason)
