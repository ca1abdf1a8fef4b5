"""Invitation slips as they are printed: of one person, or of all in a place who cannot sign in yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from centers import codes
from centers.members import access, inviting, securing
from centers.models import Center, Membership, Staff
from portal.accounts import invitations
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.ui import numbers, qr, words
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import new_key

MOST = 60  # at once: 15 sheets of A4


@dataclass(frozen=True, slots=True)
class Slip:
    name: str
    place: str
    role: str
    login: str  # what to sign in with later; "" for who chooses a login name
    code: str
    drawing: SafeString
    until: date
    phone: str  # of the center, for questions; "" elsewhere


def drawn(member: User, code: str) -> Slip:
    post = Membership.objects.held().filter(user=member).select_related("division").order_by("pk").first()
    center = Center.objects.standing().filter(division=post.division).first() if post else None
    return Slip(
        name=str(member),
        place=(center.name if center else post.division.name) if post else "",
        role=post.get_role_display() if post else "",
        login=_login_of(member),
        code=invitations.as_printed(code),
        drawing=qr.drawn(settings.SITE_URL + reverse("invited", args=[code])),
        until=timezone.localdate(timezone.now() + invitations.LIFETIME),
        phone=center.phone if center else "",
    )


def _login_of(member: User) -> str:
    if member.phone:
        return _("手机号 %(phone)s") % {"phone": words.masked_phone(member.phone)}
    return _("登录名 %(name)s") % {"name": member.username} if invitations.has_login_name(member) else ""


def never_in(by: User, code: str | None = None) -> list[Membership]:
    """Posts of those who have an account, have never signed in, and may be let in by `by`: one a person."""
    posts = Membership.objects.active().filter(user__last_login__isnull=True, user__password__startswith="!")
    posts = access.within(posts, "division__code", by).select_related("user", "division")
    if code:
        posts = posts.filter(division__code__range=codes.span(code))
    found = {post.user_id: post for post in posts.order_by("-division__code", "-pk")}
    allowed = access.secured([post.user for post in found.values()], by=by)
    return sorted((post for pk, post in found.items() if pk in allowed), key=lambda post: (post.division.code, post.pk))


def without_account(by: User, code: str | None = None) -> QuerySet[Staff]:
    """On a roster and without an account: the slip gives them the role of an agent."""
    rows = Staff.objects.working().filter(user__isnull=True).select_related("center__division")
    rows = access.within(rows, "center__division__code", by)
    if code:
        rows = rows.filter(center__division__code__range=codes.span(code))
    return rows.order_by("center__division__code", "order", "pk")


def print_many(
    *, people: Iterable[User], staff: Iterable[Staff], by: User
) -> tuple[list[Slip], list[tuple[str, RuleBroken]]]:
    """A slip for each; and who gets none, with the reason."""
    made, refused = [], []
    for person in people:
        try:
            made.append(drawn(person, securing.print_first(member=person, by=by)))
        except RuleBroken as refusal:
            refused.append((str(person), refusal))
    for one in staff:
        try:
            made.append(_for_staff(one, by))
        except RuleBroken as refusal:
            refused.append((one.name, refusal))
    return made, refused


def _for_staff(one: Staff, by: User) -> Slip:
    phone = one.phone if numbers.is_mobile(one.phone) else ""
    colleague = inviting.Colleague(role=Role.PROXY_AGENT, phone=phone, title=one.title, roster=str(one.pk))
    person = inviting.invite(colleague=colleague, division=one.center.division, by=by, key=new_key())
    return drawn(person, securing.print_first(member=person, by=by))
