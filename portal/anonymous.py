"""Anonymous reads: pages that need no session, user, audit log or second factor are answered ahead of all these.

Most visitors only look, and the first pages are what everybody waits for. What such a view answers is the same for
everybody without cookies, so that a proxy in front may keep it for a second (X-Accel-Expires, deploy/nginx.conf).
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from portal.ui.appearance import CHOICES

# Cookies that say nothing about who somebody is; they change the words and looks of a page, and recent centers.
HARMLESS = {*CHOICES, settings.RECENT_COOKIE, settings.CSRF_COOKIE_NAME}
SECONDS = "1"


def anonymous_read(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator, the outermost: of a view that has no form to send, and needs no session or user."""
    view.is_anonymous_read = True  # type: ignore[attr-defined]
    return login_not_required(view)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not request.COOKIES.keys() <= HARMLESS:
            return get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        if not getattr(match.func, "is_anonymous_read", False) or "HTTP_AUTHORIZATION" in request.META:
            return get_response(request)
        request.resolver_match, request.user = match, AnonymousUser()
        try:
            response = match.func(request, *match.args, **match.kwargs)
        except Exception:
            # A page that is not there, a center that has moved, a fault: the whole chain answers.
            return get_response(request)
        _may_be_kept(request, response)
        return response

    return answer


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> None:
    """By a proxy, for a moment: what a visitor without any cookie gets, and what sets none."""
    if response.status_code == 200 and not (request.COOKIES or response.cookies or "Cache-Control" in response):
        response["X-Accel-Expires"] = SECONDS
