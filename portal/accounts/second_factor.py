"""Officials, who see more than one village, must set up TOTP before they can open any page."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts import kept_text
from portal.accounts.models import User

# Setting up the second factor and signing out must stay possible.
OWN_ACCOUNT = "/accounts/"


def needs_second_factor(user: User) -> bool:
    """True for admin users, and for roles that settings.SECOND_FACTOR_PREDICATE names (it lives in a higher layer)."""
    return user.is_staff or import_string(settings.SECOND_FACTOR_PREDICATE)(user)


def is_missing(user: User) -> bool:
    return (
        settings.REQUIRE_SECOND_FACTOR
        and user.is_authenticated
        and needs_second_factor(user)
        and not is_mfa_enabled(user, [Authenticator.Type.TOTP])
    )


def forget(user: User) -> None:
    """Delete what was set up, recovery codes included: officials set up a new one at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()


class Middleware:
    """Goes after AuthenticationMiddleware, MessageMiddleware and HtmxMiddleware. Public pages stay open."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        public = not getattr(view, "login_required", True)
        if public or request.path.startswith(OWN_ACCOUNT) or not is_missing(request.user):
            return None
        messages.info(request, _("您的账户能看到多个村的资料，请先设置动态口令，再继续工作。"))
        kept_text.keep(request, request.user.pk)
        setup = reverse("mfa_activate_totp")
        return HttpResponseClientRedirect(setup) if request.htmx else redirect(setup)
