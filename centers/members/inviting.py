"""Letting a colleague in: an account, a role, and a row of the roster in one step."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from centers.access import accounts_within
from centers.duty import people
from centers.members import changes
from centers.models import Center, Division, FamilyLink, MemberChange, Membership, Staff
from centers.services import members
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.ui import names, numbers
from portal.ui.errors import Changed, RuleBroken
from portal.ui.idempotency import KeyReused, make_once

NOT_ON_ROSTER, NEW_ON_ROSTER = "", "new"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who is invited. `roster`: "" for nobody, "new", or the primary key of a Staff row, whose name "" stands for."""

    role: str
    name: str = ""
    phone: str = ""
    title: str = ""
    roster: str = NOT_ON_ROSTER


def invite(*, colleague: Colleague, division: Division, by: User, key: str) -> User:
    """Give a colleague a role there. Idempotent by `key`: the same form sent twice invites once.

    Raises NotAllowed, and RuleBroken with the field that is wrong.
    """
    members.check_may_grant(by=by, role=colleague.role, division=division)
    earlier = MemberChange.objects.filter(key=key).select_related("user")
    change = make_once(lambda: _invite(colleague, division, by, key), earlier.first)
    if change.by_id != by.pk or change.division_id != division.pk:
        raise KeyReused
    return change.user


@transaction.atomic
def _invite(colleague: Colleague, division: Division, by: User, key: str) -> MemberChange:
    # Two who invite the same person at once come one after the other, and the second is told.
    locking.lock(Division, [division.pk], no_key=True)
    person = _on_roster(colleague.roster, division)
    name = colleague.name or (person.name if person else "")
    if person and names.key(person.name) != names.key(name):
        raise RuleBroken(
            _("值班名单里选的是%(listed)s，姓名填的是%(typed)s。请改成一样的，或者不选名单里的人。"),
            code="another_name",
            field="name",
            listed=person.name,
            typed=name,
        )
    account = _account(name, colleague.phone, division, by)
    held = Membership.objects.held().filter(user=account, division=division, role=colleague.role)
    if held.exists():
        raise RuleBroken(
            _("%(name)s已经是%(place)s的%(role)s了，不用再请。"),
            code="already_there",
            field="phone" if colleague.phone else "name",
            name=str(account),
            place=division.short_name,
            role=Role(colleague.role).label,
        )
    members.grant(user=account, division=division, role=colleague.role, title=colleague.title, by=by)
    _link(person, account, colleague, division, by)
    return changes.record(
        MemberChange.Kind.INVITED, member=account, division=division, role=colleague.role, by=by, key=key
    )


def _on_roster(roster: str, division: Division) -> Staff | None:
    if roster in (NOT_ON_ROSTER, NEW_ON_ROSTER):
        return None
    free = Staff.objects.working().filter(center__division=division, user__isnull=True)
    try:
        return locking.locked(free, int(roster))
    except Staff.DoesNotExist:
        raise Changed(
            _("名单里的这个人刚刚有了账号，或者离岗了。请重新选一下。"), code="roster_changed", field="roster"
        ) from None


def _account(name: str, phone: str, division: Division, by: User) -> User:
    known = User.objects.filter(phone=phone).first() if phone else None
    if known:
        _check_is_theirs(known, name, by)
        if not known.name:  # came with a code
            known.name = name
            known.save(update_fields=["name"])
        return known
    if not phone:
        _check_no_namesake(name, division)
    # Not the phone: login names are shown where phones are masked. Without a phone they choose one (InvitedForm).
    user = User(username=new_login_name(), name=name, phone=phone or None)
    user.set_unusable_password()
    user.save()
    return user


def new_login_name() -> str:
    return f"s{secrets.token_hex(6)}"


def _check_is_theirs(known: User, name: str, by: User) -> None:
    """The number's account is the person's, and nobody outside of the inviter's reach.

    Whoever gives a role may later reset the account: with a role for a stranger's they would take it over.
    """
    if known.name and names.key(known.name) != names.key(name):
        raise RuleBroken(
            _("这个手机号是另一个人的账号。请核对号码；号码没有错，就请上一级来办。"),
            code="somebody_else",
            field="phone",
        )
    if not known.is_active:
        raise RuleBroken(_("这个手机号的账户停用了。请先在名单里重新启用。"), code="disabled", field="phone")
    has_ties = any(model.objects.filter(user=known).exists() for model in (Membership, Staff, FamilyLink))
    if has_ties and not accounts_within(User.objects.filter(pk=known.pk), by).exists():
        raise RuleBroken(
            _("这个手机号的账号在别处登记过，不在您这里。请由上一级来请。"), code="from_elsewhere", field="phone"
        )


def _check_no_namesake(name: str, division: Division) -> None:
    """Without a number nobody can tell two people of one name apart, nor one person who is invited twice."""
    for held in Membership.objects.held().filter(division=division).select_related("user"):
        if names.key(held.user.name) == names.key(name):
            raise RuleBroken(
                _("这里已经有一位%(name)s（%(role)s）。是同一个人就不用再请；是另一个人，请填上手机号。"),
                code="same_name",
                field="phone",
                name=held.user.name,
                role=held.get_role_display(),
            )


def _link(person: Staff | None, account: User, colleague: Colleague, division: Division, by: User) -> None:
    if person:
        person.user = account
        if numbers.is_mobile(account.phone or "") and not person.phone:
            person.phone = account.phone
    elif colleague.roster == NEW_ON_ROSTER:
        center = Center.objects.standing().get(division=division)
        person = Staff(center=center, name=account.name, title=colleague.title, phone=account.phone or "", user=account)
    else:
        return
    people.save(person=person, by=by)
