"""Responses: the HTTP status or flash message of a RuleBroken, and responses that must not be cached."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

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
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: `keep_private` for all responses of a view."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return keep_private(view(request, *args, **kwargs))

    return answer
