"""Officials see more than one village, so a password alone does not open their pages: they set up TOTP first."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.models import User


def needs_second_factor(user: User) -> bool:
    """By what the user may do: the data care pages, or a role that the predicate above us knows."""
    return user.is_staff or import_string(settings.SECOND_FACTOR_PREDICATE)(user)


def is_missing(user: User) -> bool:
    return (
        settings.REQUIRE_SECOND_FACTOR
        and user.is_authenticated
        and needs_second_factor(user)
        and not is_mfa_enabled(user, [Authenticator.Type.TOTP])
    )


def middleware(get_response):
    """After AuthenticationMiddleware, MessageMiddleware and HtmxMiddleware."""

    def respond(request: HttpRequest):
        if _always_open(request.path) or not is_missing(request.user):
            return get_response(request)
        messages.info(request, _("您的账户能看到多个村的资料,请先设置动态口令,再继续工作。"))
        setup = reverse("mfa_activate_totp")
        return HttpResponseClientRedirect(setup) if request.htmx else redirect(setup)

    return respond


def _always_open(path: str) -> bool:
    """Where the second factor is set up, where one signs out, and what belongs to nobody."""
    return path.startswith((reverse("account_login").removesuffix("login/"), settings.STATIC_URL, "/look/", "/healthz"))
