"""Who is written into the record of changes: the person and their true address, nothing that a client makes up."""

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest

from portal.accounts.addresses import client_address


class Middleware(AuditlogMiddleware):
    """The library's own believes the first X-Forwarded-For, and PostgreSQL refuses what is no address or port there:
    a made-up header would have forged the record, or turned a booking into an error."""

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        address = client_address(request)
        return None if address == "unknown" else address

    @staticmethod
    def _get_remote_port(request: HttpRequest) -> None:
        return None
