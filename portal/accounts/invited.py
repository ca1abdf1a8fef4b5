"""Pages for somebody who comes with an invitation slip."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts import codes, invitations
from portal.accounts.forms import InvitedForm, SlipForm
from portal.accounts.models import Invitation
from portal.ui.errors import RuleBroken
from portal.ui.responses import status_of


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Type the code instead of scanning it."""
    form, refusal = SlipForm(request.POST or None), None
    if form.is_valid():
        try:
            invitations.find(request, form.cleaned_data["code"])
        except RuleBroken as broken:
            refusal = broken
            broken.add_to(form)
        else:
            return redirect("invited", invitations.read_code(form.cleaned_data["code"]))
    return render(request, "accounts/invited_enter.html", {"form": form}, status=status_of(refusal))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """Set a password and sign in. Opening the page (link previews) uses nothing up."""
    try:
        invitation = invitations.find(request, code)
    except RuleBroken as broken:
        return _refused(request, broken)
    user = invitation.user
    if request.user.is_authenticated:
        # Whoever has printed it tries it at their own computer, or a colleague is still signed in at the desk's.
        return render(request, "accounts/invited_elsewhere.html", {"invited": user})
    form = InvitedForm(data=request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            _take(invitation, form)
        except RuleBroken as broken:  # somebody used it a moment ago, or has printed another one
            return _refused(request, broken)
        record_authentication(request, user, method="password")
        return perform_login(request, Login(user=user))
    can_prove_number = bool(user.phone and codes.can_arrive() and not invitation.is_only_way)
    context = {"form": form, "invited": user, "can_prove_number": can_prove_number}
    return render(request, "accounts/invited.html", context)


@transaction.atomic
def _take(invitation: Invitation, form: InvitedForm) -> None:
    """The paper came from somebody who has seen the person: an account that sleeps is woken."""
    if not invitations.use(invitation):
        raise invitations.NoSuchSlip
    form.save()
    user = invitation.user
    user.asleep_since = None
    user.save(update_fields=["asleep_since"])


def _refused(request: HttpRequest, refusal: RuleBroken) -> HttpResponse:
    form = SlipForm({})
    form.errors.clear()
    refusal.add_to(form)
    return render(request, "accounts/invited_enter.html", {"form": form}, status=status_of(refusal))
