"""Printing invitation slips: the answer to a POST, since a code is shown once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from centers import codes
from centers.members import access, securing, slips
from centers.members.forms import SlipsForm
from portal.accounts.models import User
from portal.ui.errors import RuleBroken


@never_cache
@require_POST
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who has never signed in; the slip before is void."""
    member = access.member_for(request, pk)
    try:
        code = securing.print_first(member=member, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("member", pk)
    return slip_page(request, member, code)


def slip_page(request: HttpRequest, member: User, code: str) -> HttpResponse:
    context = {"slips": [slips.drawn(member, code)], "back_url": reverse("member", args=[member.pk]), "is_single": True}
    return render(request, "centers/members/slips.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def several(request: HttpRequest) -> HttpResponse:
    """All of a place who cannot sign in yet: choose, then print them on sheets of four."""
    access.require_any(request)
    at = request.GET.get("at", "")
    code = at if codes.is_code(at) else None
    waiting = slips.never_in(request.user, code)
    listed = slips.without_account(request.user, code)[: slips.MOST]
    shown = waiting[: slips.MOST]
    form = SlipsForm(request.POST or None, posts=shown, staff=listed[: slips.MOST - len(shown)])
    if form.is_valid():
        people, staff = form.chosen
        made, refused = slips.print_many(people=people, staff=staff, by=request.user)
        context = {"slips": made, "refused": refused, "back_url": request.get_full_path(), "is_single": False}
        return render(request, "centers/members/slips.html", context)
    places = list(access.places(request.user)[: slips.MOST + 1])
    context = {
        "form": form,
        "is_empty": not form.accounts and not form.staff,
        "is_cut": len(shown) + len(listed) > slips.MOST or len(waiting) > slips.MOST,
        "most": slips.MOST,
        # A county's are too many for a list: its slips are printed in batches.
        "places": places if 1 < len(places) <= slips.MOST else [],
        "at": code,
    }
    return render(request, "centers/members/several.html", context)
