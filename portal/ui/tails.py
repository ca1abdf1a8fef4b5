"""Links that come with what stood behind them: chat apps take the `。` or `)` of a sentence, people type a `/`.

An address that exists without its tail is redirected there, before a view could count the token as a wrong guess.
"""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path

# No address of ours has these: spaces, seen or not, and Chinese punctuation with all that follows, or marks at the end.
_UNSEEN = r"\s\u00ad\u200b-\u200f\u2060\ufeff"
_TAIL = re.compile(rf"(?:[{_UNSEEN}。，、；：！？（）【】《》「」“”‘’…　].*|[.,;:!?()\[\]<>\"'*~]+)$", re.DOTALL)


def middleware(get_response):
    def respond(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if request.method not in ("GET", "HEAD") or path.startswith("/api/"):  # which says itself what is wrong
            return get_response(request)
        if _TAIL.search(path) and (without := _existing(_TAIL.sub("", path).rstrip("/"))):
            return _to(request, without)
        response = get_response(request)
        # The admin has an address for everything below it, which answers 404.
        if response.status_code == 404 and path.endswith("/") and not path.startswith("/admin/"):
            without = _existing(path.rstrip("/"))
            if without and without != path:
                return _to(request, without)
        return response

    return respond


def _existing(path: str) -> str:
    """The path, or with a slash, whichever is an address; "" if neither is."""
    return next((one for one in (path, f"{path}/") if path and is_valid_path(one)), "")


def _to(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{request.path.removesuffix(request.path_info)}{path}{'?' if query else ''}{query}")
