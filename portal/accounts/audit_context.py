"""Who the audit log names as actor: the signed-in user and the client's address, without forged headers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from auditlog.context import auditlog_value, set_actor
from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest, HttpResponse

from portal.accounts.addresses import client_address
from portal.accounts.models import User


class Middleware(AuditlogMiddleware):
    """django-auditlog's own middleware trusts the first X-Forwarded-For entry, which a client can forge; an invalid
    address or port there makes PostgreSQL refuse the INSERT, and the booking with it."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The library does not reset its context when a request ends: the next one would inherit the actor.
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


@contextmanager
def acting_for(user: User) -> Iterator[None]:
    """Outside of a request: what is written within it was asked for by this user, and nothing afterwards is."""
    token = auditlog_value.set({})
    try:
        with set_actor(user):
            yield
    finally:
        auditlog_value.reset(token)


class AuditContext(NamedTuple):
    """Fields of a LogEntry, of the same names."""

    actor_id: int | None
    actor_email: str | None
    remote_addr: str | None


def current_context() -> AuditContext:
    """Actor and address of the current request; all None outside of one."""
    known = auditlog_value.get({})
    actor = known.get("actor")
    return AuditContext(actor and actor.pk, actor and actor.email, known.get("remote_addr"))
