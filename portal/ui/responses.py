"""Responses: the HTTP status or flash message of a RuleBroken, and who may cache and index a response."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from portal.ui.errors import RuleBroken

# HTTP status by RuleBroken.code, for pages and the API. The default is CONFLICT, or UNPROCESSABLE for a form field.
STATUSES = {
    "not_found": 404,
    "not_allowed": 403,
    "token_needed": 401,
    "too_many": 429,
    "person_limit": 429,
    "phone_limit": 429,
    "invalid": 422,
    "slot_full": 409,
}
UNPROCESSABLE, CONFLICT = 422, 409
NO_STORE, NO_INDEX = "private, no-store", "noindex"
OWN_ACCOUNT = "/accounts/"


def status_of(refusal: RuleBroken | None) -> int | None:
    """HTTP status of a refused request; None, which Django takes as 200, if nothing was refused."""
    if refusal is None:
        return None
    return STATUSES.get(refusal.code, UNPROCESSABLE if refusal.field else CONFLICT)


@contextmanager
def told(request: HttpRequest, done: str | Promise = "") -> Iterator[None]:
    """Context manager for a change before a redirect: a flash message says `done`, or why it was refused."""
    try:
        yield
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        if done:
            messages.success(request, done)


def keep_private(response: HttpResponse) -> HttpResponse:
    """No caching and no indexing, because it is a capability URL: whoever has it may read the page."""
    response["Cache-Control"] = NO_STORE
    response["X-Robots-Tag"] = NO_INDEX
    return response


def headers_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: who may keep and who may index an answer, where its view has not said so.

    Closed pages are kept by nobody; neither are those of one's own account, second factor and devices included,
    whatever their views say. What somebody who is signed in gets of a public page has their name in it: it is asked for
    anew. Search engines index what anonymous reads answer (portal.anonymous), and nothing else.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        view = getattr(request.resolver_match, "func", None)
        if request.path.startswith(OWN_ACCOUNT):
            return keep_private(response)
        if not getattr(view, "is_anonymous_read", False):
            response.headers.setdefault("X-Robots-Tag", NO_INDEX)
        if "Cache-Control" in response:
            return response
        if view is not None and getattr(view, "login_required", True):
            response["Cache-Control"] = NO_STORE
        elif settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            response["Cache-Control"] = "private, no-cache"
        return response

    return answer


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: `keep_private` for all responses of a view."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return keep_private(view(request, *args, **kwargs))

    return answer
