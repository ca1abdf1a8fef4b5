"""Requests are UTF-8. A `charset` in the Content-Type of a request decides nothing.

Django would read the query string in it: a cached answer to one address would depend on a header of whoever asked
first, and a codec that is none of text (`hex`) fails before any middleware.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


def utf8_only(application: Application) -> Application:
    """WSGI middleware."""

    def answer(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = without_charset(environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return answer


def utf8_only_asgi(application: Callable) -> Callable:
    """ASGI middleware."""

    @wraps(application)
    async def answer(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
        headers = [
            (name, without_charset(value.decode("latin-1")).encode("latin-1") if name == b"content-type" else value)
            for name, value in scope.get("headers", ())
        ]
        await application({**scope, "headers": headers}, receive, send)

    return answer


def without_charset(content_type: str) -> str:
    parts = content_type.split(";")
    return ";".join(part for part in parts if not part.strip().lower().startswith("charset"))
