"""How long one statement of a request may take on PostgreSQL (settings.WEB_STATEMENT_SECONDS).

The server cancels it then, the transaction is rolled back, and portal.ui.outages answers 503. Only connections that are
opened for a request have the limit: jobs and commands count and erase for longer than anybody waits for a page.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_in_a_request: ContextVar[bool] = ContextVar("in_a_request", default=False)


def limited(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Around a WSGI application."""
    connection_created.connect(_limit, dispatch_uid="statement_limit")

    def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        before = _in_a_request.set(True)
        try:
            return application(environ, start_response)
        finally:
            _in_a_request.reset(before)

    return answer


def limited_asgi(application: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same around an ASGI application."""
    connection_created.connect(_limit, dispatch_uid="statement_limit")

    async def answer(scope: dict, receive: Callable, send: Callable) -> None:
        before = _in_a_request.set(True)
        try:
            await application(scope, receive, send)
        finally:
            _in_a_request.reset(before)

    return answer


def _limit(connection: BaseDatabaseWrapper, **kwargs) -> None:
    # A pooler gives the connection to others, whom the setting would reach: it has a limit of its own.
    is_pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    if _in_a_request.get() and connection.vendor == "postgresql" and not is_pooled:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [settings.WEB_STATEMENT_SECONDS * 1000])
