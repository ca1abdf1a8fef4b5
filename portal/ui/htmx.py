"""One page, whole or in part: what htmx asks for is a piece of the same page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_part(
    request: HttpRequest, page: str, fragment: str, context: dict | None = None, *, status: int | None = None
) -> HttpResponse:
    """`fragment` for htmx, else `page`, which includes the fragment itself.

    A history restore and a boosted link want the whole page. Vary keeps a cache from mixing them up.
    """
    htmx = request.htmx
    part = htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, fragment if part else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
