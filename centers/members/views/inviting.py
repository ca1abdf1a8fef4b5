"""Inviting a colleague: where, who, and the slip."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centers.members import access, inviting, securing
from centers.members.forms import InviteForm
from centers.members.views.slips import slip_page
from centers.models import Division, Staff
from portal.accounts.models import User
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of
from portal.ui.params import number, typed
from portal.ui.responses import status_of


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The answer to the form is the slip, which is shown this one time."""
    access.require_any(request)
    if not (code := request.GET.get("at", "")):
        return _where(request)
    division, refusal = access.place_for(request, code), None
    roles = access.roles_for(request.user, division)
    if not roles:
        raise PermissionDenied
    form = InviteForm(request.POST or None, division=division, roles=roles, initial=_known(request, division))
    if form.is_valid():
        try:
            person = inviting.invite(
                colleague=form.colleague, division=division, by=request.user, key=form.cleaned_data["key"]
            )
        except RuleBroken as broken:
            refusal = broken
            form.refuse(broken)
        else:
            return _invited(request, person)
    context = {"form": form, "place": division, "role": roles[0] if len(roles) == 1 else None}
    return render(request, "centers/members/invite.html", context, status=status_of(refusal))


def _where(request: HttpRequest) -> HttpResponse:
    places, words = access.places(request.user), typed(request)
    if (only := places[:2]) and len(only) == 1:
        return redirect(f"{request.path}?at={only[0].code}")
    if words:
        latin = words.lower().replace(" ", "")
        found = places.filter(name__icontains=words)
        if latin.isascii() and latin.isalpha():
            found = found | places.filter(initials__startswith=latin) | places.filter(pinyin__startswith=latin)
        places = found
    return render(request, "centers/members/where.html", {"page": page_of(request, places), "words": words})


def _known(request: HttpRequest, division: Division) -> dict:
    """What is filled in for ?staff=, somebody of the roster."""
    pk = number(request.GET.get("staff"))
    free = Staff.objects.working().filter(center__division=division, user__isnull=True, pk=pk)
    person = free.first() if pk else None
    return {"roster": str(person.pk), "phone": person.phone, "title": person.title} if person else {}


def _invited(request: HttpRequest, person: User) -> HttpResponse:
    if securing.has_never_been_in(person) and access.may_secure(by=request.user, member=person):
        return slip_page(request, person, securing.print_first(member=person, by=request.user))
    said = _("%(name)s进来了。他（她）以前就有账号，用原来的办法登录，不用邀请单。")
    messages.success(request, said % {"name": person})
    return redirect("member", person.pk)
