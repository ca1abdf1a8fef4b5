"""One's own account on one page, and another number for it."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centers import access
from portal.accounts import codes, own_number
from portal.accounts.fresh import needs_fresh
from portal.accounts.second_factor import needs_second_factor
from portal.dashboards.account.forms import NumberCodeForm, NumberForm
from portal.ui.errors import RuleBroken

DEMO_CODE = "account_demo_code"


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "has_password": user.has_usable_password(),
        "has_second_factor": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
        "has_to": needs_second_factor(user),
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "codes_arrive": codes.can_arrive(),
        "posts": access.memberships_of(user),
    }
    return render(request, "dashboards/account/account.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """Step 1: which number. Where no code can arrive, whom to ask instead."""
    if not codes.can_arrive():
        return render(request, "dashboards/account/number_asked.html", {"posts": access.memberships_of(request.user)})
    return _number(request)


@needs_fresh
def _number(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.POST or None)
    if form.is_valid():
        try:
            code = own_number.send_code(request, form.cleaned_data["phone"])
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            if settings.DEMO:
                request.session[DEMO_CODE] = code
            return redirect("account_number_code")
    return render(request, "dashboards/account/number.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@needs_fresh
def number_code(request: HttpRequest) -> HttpResponse:
    """Step 2: the code that was sent to it."""
    phone = own_number.asked_for(request)
    if not phone:
        return redirect("account_number")
    form = NumberCodeForm(request.POST or None)
    if form.is_valid():
        try:
            own_number.confirm(request, form.cleaned_data["code"])
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            request.session.pop(DEMO_CODE, None)
            notices.success(request, _("手机号改好了，下次用新号码登录。以前约好的还留着旧号码，要改请跟中心说一声。"))
            return redirect("account")
    demo_code = request.session.get(DEMO_CODE) if settings.DEMO else None
    return render(
        request, "dashboards/account/number_code.html", {"form": form, "phone": phone, "demo_code": demo_code}
    )
