"""Whoever works with other people's data is signed out when idle; a villager's phone stays signed in longer."""

import time

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.accounts.models import User

LAST_SEEN = "accounts_last_seen"
LIMIT = "accounts_idle_limit"
# The session is written when a thirtieth of the limit has passed, not at every click.
PRECISION = 30


def start(sender, request: HttpRequest, user: User, **kwargs) -> None:
    """Set the limit at sign-in, by whichever door, when who this is has just been decided."""
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
    """Whoever signed out in another window: htmx would follow to the sign-in page and show nothing of it."""
    if request.htmx and response.status_code == 302 and response["Location"].startswith(str(settings.LOGIN_URL)):
        return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
    return response


def _sign_out(request: HttpRequest) -> HttpResponse:
    logout(request, show_message=False)
    messages.info(request, _("您有一段时间没有操作，为了安全已退出，请重新登录。"))
    if request.htmx:
        return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
