"""Who is written into the record of changes: the person and their true address, nothing that a client makes up."""

from typing import NamedTuple

from auditlog.context import auditlog_value
from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest, HttpResponse

from portal.accounts.addresses import client_address


class Middleware(AuditlogMiddleware):
    """The library's own believes the first X-Forwarded-For, and PostgreSQL refuses what is no address or port there:
    a made-up header would have forged the record, or turned a booking into an error."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The library lets the last request's person stand when it is over.
        token = auditlog_value.set({})
        try:
            return super().__call__(request)
        finally:
            auditlog_value.reset(token)

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        address = client_address(request)
        return None if address == "unknown" else address

    @staticmethod
    def _get_remote_port(request: HttpRequest) -> None:
        return None


class AuditContext(NamedTuple):
    """Fields of a LogEntry, of the same names."""

    actor_id: int | None
    actor_email: str | None
    remote_addr: str | None


def current_context() -> AuditContext:
    """Who asks for what is done now; nobody outside of a request."""
    known = auditlog_value.get({})
    actor = known.get("actor")
    return AuditContext(actor and actor.pk, actor and actor.email, known.get("remote_addr"))
