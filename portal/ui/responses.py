"""What becomes of a refusal, as a status or as a notice on the next page; and answers that nobody may keep."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from portal.ui.errors import RuleBroken

# By the code of the refusal, for pages and for the API. What is not named here is a conflict with what is stored.
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
    """None, which stands for 200, where nothing was refused."""
    if refusal is None:
        return None
    return STATUSES.get(refusal.code, UNPROCESSABLE if refusal.field else CONFLICT)


@contextmanager
def told(request: HttpRequest, done: str | Promise = "") -> Iterator[None]:
    """Do one thing and go on to the next page, which says `done`, or why it was refused."""
    try:
        yield
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        if done:
            messages.success(request, done)


def keep_private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and listed by no search engine: whoever has its address may read it."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose answers are private, since its address is the right to see them."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return keep_private(view(request, *args, **kwargs))

    return answer
