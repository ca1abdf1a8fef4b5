"""Django's system checks of how this site is set up. Registered by portal.dashboards, the top of the apps."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

# Beat and a person at a terminal.
OTHERS = 2
SHARE = 0.8


@register(Tags.compatibility)
def connections_suffice(**kwargs) -> list[CheckMessage]:
    """L8: each web thread and each worker may hold a connection; a fifth stays free for backups and people."""
    if connection.vendor == "sqlite":
        return []
    threads = settings.WEB_MACHINES * settings.WEB_WORKERS * settings.WEB_THREADS
    wanted = threads + settings.WORKER_CONCURRENCY + OTHERS
    if wanted <= SHARE * settings.DATABASE_CONNECTIONS:
        return []
    return [
        Error(
            f"WEB_MACHINES × WEB_WORKERS × WEB_THREADS + WORKER_CONCURRENCY + {OTHERS} = {wanted} connections to "
            f"the database are more than {SHARE:.0%} of its {settings.DATABASE_CONNECTIONS}.",
            hint="Lower WEB_WORKERS, WEB_THREADS or WORKER_CONCURRENCY, or raise max_connections in PostgreSQL "
            "and then DATABASE_CONNECTIONS.",
            id="portal.E001",
        )
    ]


@register(Tags.database)
def connections_are_there(databases: Sequence[str] | None = None, **kwargs) -> list[CheckMessage]:
    """What DATABASE_CONNECTIONS says is what the server allows. Asked by `migrate`, which runs at each update."""
    if connection.vendor != "postgresql" or "default" not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (allowed,) = cursor.fetchone()
    if allowed >= settings.DATABASE_CONNECTIONS:
        return []
    return [
        Error(
            f"DATABASE_CONNECTIONS={settings.DATABASE_CONNECTIONS}, but PostgreSQL's max_connections is {allowed}.",
            hint=f"Set DATABASE_CONNECTIONS={allowed}, or raise max_connections.",
            id="portal.E002",
        )
    ]
