"""Whoever works with other people's data is signed out when idle; a villager's phone stays signed in longer."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from allauth.account.internal.flows.logout import logout

LAST_SEEN = "accounts_last_seen"
LIMIT = "accounts_idle_limit"
# The session is written once in this time, not at every click.
PRECISION = 60


def start(request: HttpRequest) -> None:
    """Set the limit at sign-in, when who this is has just been decided."""
    staff = request.user.is_staff or import_string(settings.STAFF_PREDICATE)(request.user)
    request.session[LIMIT] = settings.IDLE_SECONDS_STAFF if staff else settings.IDLE_SECONDS_VILLAGER
    request.session[LAST_SEEN] = int(time.time())


def middleware(get_response):
    """After AuthenticationMiddleware and MessageMiddleware."""

    def respond(request: HttpRequest):
        if request.user.is_authenticated:
            now = int(time.time())
            idle_for = now - request.session.get(LAST_SEEN, now)
            if idle_for > request.session.get(LIMIT, settings.IDLE_SECONDS_STAFF):
                logout(request, show_message=False)
                messages.info(request, _("您有一段时间没有操作,为了安全已退出,请重新登录。"))
                return redirect_to_login(request.get_full_path())
            if idle_for >= PRECISION or LAST_SEEN not in request.session:
                request.session[LAST_SEEN] = now
        return get_response(request)

    return respond
