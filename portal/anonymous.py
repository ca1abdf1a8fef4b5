"""Anonymous reads: pages that need no session, user, audit log or second factor are answered ahead of all these.

Most visitors only look, and the first pages are what everybody waits for. What such a view answers is the same for
everybody without cookies, so that a proxy in front may keep it for a second (X-Accel-Expires, deploy/nginx.conf).
Whatever is not plain is answered by the whole chain: errors, moved centers, other hosts, http where https is asked for.
"""

import logging
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

# They give each answer the same headers, which are asked for once.
GIVE_HEADERS = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
SECONDS = "1"


def anonymous_read(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator, the outermost: of a view that has no form to send, and needs no session or user."""
    view.is_anonymous_read = True  # type: ignore[attr-defined]
    return login_not_required(view)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    zipped = GZipMiddleware(get_response).process_response

    def answer(request: HttpRequest) -> HttpResponse:
        response = _answered(request) if _is_plain(request) else None
        if response is None:
            return get_response(request)
        for name, value in _headers(request.is_secure()):
            response.headers.setdefault(name, value)
        patch_vary_headers(response, ["Cookie"])  # it has another language or look with one
        _may_be_kept(request, response)
        response = zipped(request, response)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    return answer


def _answered(request: HttpRequest) -> HttpResponse | None:
    """What the view says; None if it is not for us, or if anything went wrong."""
    try:
        match = resolve(request.path_info)
        if not getattr(match.func, "is_anonymous_read", False):
            return None
        request.get_host()  # raises for a host that is not ours
        request.resolver_match, request.user = match, AnonymousUser()
        return match.func(request, *match.args, **match.kwargs)
    except Resolver404:
        return None
    except Exception as error:
        if stopped := import_string("portal.ui.outages.page_if_slow")(request, error):
            return stopped  # it would take as long again
        # A read may be repeated: the whole chain asks the view again, and answers or logs what it raises.
        logger.info("%s is left to the whole chain: %s", request.path_info, type(error).__name__)
        return None


@cache
def harmless() -> set[str]:
    """Cookies that say nothing about who somebody is; they change words and looks of a page, and recent centers."""
    looks = import_string("portal.ui.appearance.CHOICES")
    return {*looks, settings.RECENT_COOKIE, settings.CSRF_COOKIE_NAME}


def _is_plain(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.COOKIES.keys() <= harmless()
        and "HTTP_AUTHORIZATION" not in request.META
        and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)
    )


@cache
def _headers(is_secure: bool) -> list[tuple[str, str]]:
    request = HttpRequest()
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "443" if is_secure else "80"}
    request._get_scheme = lambda: "https" if is_secure else "http"  # type: ignore[method-assign]
    if is_secure and settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        request.META[name] = value
    answer: Callable[[HttpRequest], HttpResponse] = lambda request: HttpResponse()  # noqa: E731
    for path in reversed(GIVE_HEADERS):
        answer = import_string(path)(answer)
    return [(name, value) for name, value in answer(request).headers.items() if name != "Content-Type"]


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> None:
    """By a proxy, for a moment: what a visitor without any cookie gets, and what sets none."""
    if response.status_code == 200 and not (request.COOKIES or response.cookies or "Cache-Control" in response):
        response["X-Accel-Expires"] = SECONDS
