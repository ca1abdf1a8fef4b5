"""The list of people with logins, and one of them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from centers import codes
from centers.members import access, listing, messages, posts, securing
from centers.members.listing import Standing
from centers.models import MemberChange, Membership
from centers.services.members import Reach
from portal.accounts.models import User
from portal.ui.pagination import page_of
from portal.ui.params import typed

LATEST = 10


@dataclass(frozen=True, slots=True)
class Row:
    post: Membership
    standing: Standing


@dataclass(frozen=True, slots=True)
class Held:
    """One post on a member's page."""

    post: Membership
    can_change: bool
    can_restore: bool


@never_cache
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    access.require_any(request)
    show, words = request.GET.get("show", listing.HELD), typed(request)
    show = show if show in listing.SHOWN else listing.HELD
    at = request.GET.get("at", "")
    rows = listing.posts(request.user, show=show, typed=words, code=at if codes.is_code(at) else None)
    page, now = page_of(request, rows), timezone.now()
    context = {
        "page": page,
        "rows": [Row(post, listing.standing(post.user, post.slip_until, now)) for post in page],
        "show": show,
        "tabs": listing.SHOWN.items(),
        "words": words,
        "kept": ("show", show),
    }
    return render(request, "centers/members/members.html", context)


@never_cache
@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    person = access.member_for(request, pk)
    reach, now = Reach(request.user), timezone.now()
    seen = [
        Held(
            post=post,
            can_change=post.role in reach.roles_at(post.division) and post.revoked_at is None,
            can_restore=post.role in reach.roles_at(post.division) and posts.can_be_restored(post),
        )
        for post in access.posts_of(person, request.user)
    ]
    changes = access.within(MemberChange.objects.filter(user=person), "division__code", request.user)
    changes = changes.select_related("user", "by", "division")[:LATEST]
    context = {
        "member": person,
        "standing": listing.standing(person, listing.slip_of(person), now),
        "held": [one for one in seen if one.post.revoked_at is None],
        "ended": [one for one in seen if one.post.revoked_at is not None],
        "roster": access.roster_of(person, request.user),
        "changes": [(change, messages.what(change)) for change in changes],
        "refusal": _refusal(request.user, person),
        "has_never_been_in": securing.has_never_been_in(person),
        "is_oneself": person == request.user,
    }
    return render(request, "centers/members/member.html", context)


def _refusal(by: User, person: User) -> str:
    """Why `by` cannot help with this account; "" if they can."""
    try:
        access.check_may_secure(by=by, member=person)
    except access.NotAllowed as refusal:
        return str(refusal)
    return ""
