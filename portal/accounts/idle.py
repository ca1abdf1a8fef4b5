"""Idle session timeout: short for staff, who work with other people's data; long for villagers."""

import time
from urllib.parse import urlsplit

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts import kept_text
from portal.accounts.models import User
from portal.accounts.sessions import IDLE_LIMIT as LIMIT

LAST_SEEN = "accounts_last_seen"
# The session's expiry is extended after a thirtieth of the limit, not by a write on every request.
PRECISION = 30
ADMIN = "/admin/login/"


def start(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Set the timeout at sign-in, whatever the method (receiver of user_logged_in)."""
    staff = user.is_staff or import_string(settings.STAFF_PREDICATE)(user)
    request.session[LIMIT] = settings.IDLE_SECONDS_STAFF if staff else settings.IDLE_SECONDS_VILLAGER
    request.session[LAST_SEEN] = int(time.time())


def middleware(get_response):
    """After AuthenticationMiddleware, MessageMiddleware and HtmxMiddleware."""

    def respond(request: HttpRequest):
        if not request.user.is_authenticated:
            return _as_whole_page(request, get_response(request))
        now = int(time.time())
        limit = request.session.get(LIMIT, settings.IDLE_SECONDS_STAFF)
        idle_for = now - request.session.get(LAST_SEEN, now)
        if idle_for > limit:
            return _sign_out(request)
        if idle_for >= limit / PRECISION or LAST_SEEN not in request.session:
            request.session[LAST_SEEN] = now
        return get_response(request)

    return respond


def _as_whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """When the session ended elsewhere: a step that was not taken comes back to its form after sign-in.

    An htmx request would swap the sign-in page into a fragment.
    """
    if response.status_code != 302 or urlsplit(response["Location"]).path not in (str(settings.LOGIN_URL), ADMIN):
        return response
    if kept_text.is_step(request) and not request.path.startswith(kept_text.OWN_ACCOUNT):
        return _to_sign_in(request, kept_text.keep(request, None))
    return _to_sign_in(request, request.htmx.current_url_abs_path or "/") if request.htmx else response


def _sign_out(request: HttpRequest) -> HttpResponse:
    user = request.user.pk
    logout(request, show_message=False)
    messages.info(request, _("您有一段时间没有操作，为了安全已退出，请重新登录。"))
    if kept_text.is_step(request):
        return _to_sign_in(request, kept_text.keep(request, user))
    if request.htmx:
        return _to_sign_in(request, request.htmx.current_url_abs_path or "/")
    return _to_sign_in(request, request.get_full_path() if request.method == "GET" else "/")


def _to_sign_in(request: HttpRequest, onward: str) -> HttpResponse:
    response = redirect_to_login(onward)
    return HttpResponseClientRedirect(response.url) if request.htmx else response
