"""Rendering a page or, for htmx requests, a fragment of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_part(
    request: HttpRequest, page: str, fragment: str, context: dict | None = None, *, status: int | None = None
) -> HttpResponse:
    """Renders `fragment` for htmx, else `page`, which includes the fragment.

    History restores and boosted links get the whole page. `Vary` keeps caches from mixing them up.
    """
    htmx = request.htmx
    part = htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, fragment if part else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
