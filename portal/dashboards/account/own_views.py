"""One's own data: what it is used for, all of it to read and to keep, and the end of the account."""

import json

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centers.models import Resident
from centers.people import consents, erasing, own_data
from portal.accounts.audit_log import log_access
from portal.accounts.fresh import needs_fresh
from portal.dashboards.account.forms import EraseForm
from portal.ui.errors import Changed, RuleBroken
from portal.ui.params import number
from portal.ui.responses import CONFLICT, told


@never_cache
@require_safe
def uses(request: HttpRequest) -> HttpResponse:
    """What is stored for what, and what somebody may say no to."""
    context = {
        "standing": consents.standing_of(request.user),
        "is_known": bool(consents.own_residents(request.user)),
        "is_asleep": request.user.asleep_since is not None,
        "kept": {what: _period(days) for what, days in settings.RETENTION_DAYS.items()},
    }
    return render(request, "dashboards/account/uses.html", context)


def _period(days: int) -> str:
    if days % 365:
        return ngettext("%(number)d天", "%(number)d天", days) % {"number": days}
    return ngettext("%(number)d年", "%(number)d年", days // 365) % {"number": days // 365}


@require_POST
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    if purpose not in consents.Purpose.values or request.POST.get("agrees") not in ("0", "1"):
        raise Http404("no such purpose or answer")
    agrees, version = request.POST["agrees"] == "1", number(request.POST.get("version")) or 0
    done = _("记下了：您同意。") if agrees else _("记下了：您不同意，马上就算数。改主意了，随时可以改回来。")
    with told(request, done):
        consents.answer(user=request.user, purpose=purpose, agrees=agrees, version=version)
    return redirect("me_data")


@never_cache
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """To read."""
    return render(request, "dashboards/account/everything.html", {"sections": _told(request)})


@never_cache
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """To keep."""
    text = json.dumps(dict(_told(request)), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="jiamenkou-{timezone.localdate()}.json"'
    return response


def _told(request: HttpRequest) -> list[tuple[str, list[dict[str, str]]]]:
    """Each section with its rows; that they were read is on record."""
    own = Resident.objects.filter(pk__in=consents.own_residents(request.user))
    found = [(str(section.title), own_data.told(section)) for section in own_data.sections(request.user)]
    log_access([request.user, *own])
    return [(title, rows) for title, rows in found if rows]


@never_cache
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Names what goes on and what lies ahead, asks once, and ends the account."""
    try:
        erasing.check_may(request.user)
    except RuleBroken as refusal:
        return render(request, "dashboards/account/erase_refused.html", {"why": str(refusal)})
    return _erase(request)


@needs_fresh
def _erase(request: HttpRequest) -> HttpResponse:
    ahead = erasing.lies_ahead(request.user, timezone.now())
    is_old = request.method == "POST" and request.POST.get("version") != erasing.version_of(ahead)
    form = _form(None if is_old else request.POST or None, request, ahead)
    if form.is_valid():
        try:
            keeps = form.cleaned_data.get("ahead") == EraseForm.KEEP
            at_once = erasing.end_account(user=request.user, keeps=keeps, version=form.cleaned_data["version"])
        except Changed:
            ahead, is_old = erasing.lies_ahead(request.user, timezone.now()), True
            form = _form(None, request, ahead)
        else:
            logout(request)
            return redirect("account_erased", "now" if at_once else "later")
    context = {
        "form": form,
        "goes_on": [one for one in ahead if one.goes_on],
        "ahead": [one for one in ahead if not one.goes_on],
        "version": erasing.version_of(ahead),
        "is_old": is_old,
        "is_known": bool(consents.own_residents(request.user)),
    }
    return render(request, "dashboards/account/erase.html", context, status=CONFLICT if is_old else None)


def _form(data, request: HttpRequest, ahead: list[erasing.Ahead]) -> EraseForm:
    """Without data, with what was chosen before."""
    return EraseForm(data, initial=request.POST.dict(), asks=any(not one.goes_on for one in ahead))


@login_not_required
@never_cache
@require_safe
def erased(request: HttpRequest, when: str) -> HttpResponse:
    return render(request, "dashboards/account/erased.html", {"at_once": when == "now"})
