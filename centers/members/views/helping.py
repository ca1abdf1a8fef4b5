"""Somebody cannot get in: a forgotten password, a lost second factor, another number. And closing an account.

Whoever helps proves first that they are still themselves (reauthentication): a screen left open opens no accounts.
"""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centers.members import access, securing
from centers.members.forms import HelpForm, NumberForm, ReasonForm
from centers.members.views.slips import slip_page
from portal.accounts.models import User
from portal.ui.errors import NotAllowed, RuleBroken
from portal.ui.forms import Form
from portal.ui.responses import status_of, told


@never_cache
@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    return _help(request, pk, HelpForm, "centers/members/help.html", _helped)


@never_cache
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, pk: int) -> HttpResponse:
    return _help(request, pk, NumberForm, "centers/members/number.html", _renumbered)


@never_cache
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable an account, or enable it again."""
    member = _secured(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        wants = request.POST.get("wants") == "active"
        done = _("重新启用了，他（她）可以登录了。") if wants else _("停用了，他（她）已经在所有设备上退出。")
        with told(request, done):
            securing.switch(member=member, active=wants, reason=form.cleaned_data["reason"], by=request.user)
        return redirect("member", pk)
    return render(request, "centers/members/switch.html", {"form": form, "member": member})


def _help(
    request: HttpRequest, pk: int, form_class: type[Form], template: str, help_with: Callable[..., str]
) -> HttpResponse:
    """The answer to the form is a new slip, which is shown this one time."""
    member = _secured(request, pk)
    return _after_proof(request, member, form_class, template, help_with)


@reauthentication_required
def _after_proof(
    request: HttpRequest, member: User, form_class: type[Form], template: str, help_with: Callable[..., str]
) -> HttpResponse:
    form, refusal = form_class(request.POST or None), None
    if form.is_valid():
        try:
            return slip_page(request, member, help_with(member, form.cleaned_data, request.user))
        except RuleBroken as broken:
            refusal = broken
            broken.add_to(form)
    return render(request, template, {"form": form, "member": member}, status=status_of(refusal))


def _helped(member: User, said: dict, by: User) -> str:
    step = securing.reset_factor if said["what"] == HelpForm.FACTOR else securing.print_again
    return step(member=member, reason=said["reason"], by=by)


def _renumbered(member: User, said: dict, by: User) -> str:
    return securing.change_number(member=member, phone=said["phone"], reason=said["reason"], by=by)


def _secured(request: HttpRequest, pk: int) -> User:
    """Somebody whose account the user may help with, else 403."""
    member = access.member_for(request, pk)
    try:
        access.check_may_secure(by=request.user, member=member)
    except NotAllowed:
        raise PermissionDenied from None
    return member
