"""Invitation slips: how somebody gets into an account without an SMS. Printed, used once, valid for seven days.

The paper has a code of ten signs, also as a QR code, and the table a hash of it. A new slip makes the one before void.
Whoever hands it over has seen the person, so it also proves who somebody is: after a lost second factor or a changed
number an account opens by its new slip only (`is_only_way`), until somebody has used one.
"""

import secrets
import unicodedata
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal import locking
from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.accounts.models import Invitation, User
from portal.accounts.throttle import DAY, HOUR, per_network
from portal.ui.errors import RuleBroken, TooMany

LIFETIME = timedelta(days=7)
# Without signs that are taken for another one when they are typed off paper: 0 O, 1 I L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
# Wrong codes of one network; one that is right is not counted.
TRIES_PER_ADDRESS, TRIES_PER_ADDRESS_AND_DAY = 30, 100


class NoSuchSlip(RuleBroken):
    """Wrong, used, void and expired ones get the same answer."""

    message = _(
        "这张邀请单打不开：号码输错了，或者已经用过、过了七天、换了新的一张。请看看号码，还不行就请给单子的人再打印一张。"
    )
    code = "no_such_slip"
    field = "code"


class TooManySlips(TooMany):
    message = _("输错的次数太多了。请过一个小时再试，或者请给您单子的人再打印一张。")
    field = "code"


@transaction.atomic
def issue(*, user: User, by: User, is_only_way: bool = False) -> tuple[Invitation, str]:
    """A new slip, which makes the one before void and is the only way in if that one was. Returns its row and code.

    The caller has checked that `by` may let this person in.
    """
    locking.lock(User, [user.pk], no_key=True)
    now, before = timezone.now(), Invitation.objects.standing().filter(user=user)
    is_only_way = is_only_way or before.filter(is_only_way=True).exists()
    before.update(voided_at=now)
    code = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    row = Invitation.objects.create(
        user=user,
        code_hash=_hash(code),
        is_only_way=is_only_way,
        made_by=by,
        made_at=now,
        expires_at=now + LIFETIME,
    )
    return row, code


def find(request: HttpRequest, typed: str) -> Invitation:
    """The valid slip with that code. Raises NoSuchSlip and TooManySlips; tries are counted before they are answered."""
    address = client_address(request)
    limits = [
        *per_network("slip", address, TRIES_PER_ADDRESS, HOUR),
        *per_network("slip", address, TRIES_PER_ADDRESS_AND_DAY, DAY),
    ]
    if throttle.claim(limits):
        raise TooManySlips
    valid = Invitation.objects.standing().filter(expires_at__gt=timezone.now(), user__is_active=True)
    found = valid.filter(code_hash=_hash(read_code(typed))).select_related("user").first()
    if found is None:
        raise NoSuchSlip
    throttle.return_all(limits)
    return found


def use(invitation: Invitation) -> bool:
    """Mark it as used; of two at once one succeeds."""
    now = timezone.now()
    valid = Invitation.objects.standing().filter(pk=invitation.pk, expires_at__gt=now)
    return bool(valid.update(used_at=now))


def void(user: User) -> None:
    """What the person holds opens nothing any more."""
    Invitation.objects.standing().filter(user=user).update(voided_at=timezone.now())


def void_at_sign_in(sender, user: User, **kwargs) -> None:
    """Receiver of user_logged_in: who came in by another way needs the paper no more, and may have left it about."""
    void(user)


def is_only_way(user: User) -> bool:
    """Whether the account opens by a slip only, also if the slip has expired: then by the next one."""
    return Invitation.objects.standing().filter(user=user, is_only_way=True).exists()


def has_login_name(user: User) -> bool:
    """Whether they know one: a number, or a name that they chose. Else they choose one with the slip."""
    return bool(user.phone or user.last_login or user.has_usable_password())


def read_code(typed: str) -> str:
    """As it is hashed: `k7mp3 xqd9r`, `K7MP3-XQD9R` and full-width signs are K7MP3XQD9R."""
    said = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in said if sign in ALPHABET)


def as_printed(code: str) -> str:
    """In two groups: K7MP3 XQD9R."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def _hash(code: str) -> str:
    return salted_hmac("portal.accounts.invitations", code, algorithm="sha256").hexdigest()
