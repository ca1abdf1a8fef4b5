"""Django system checks of the deployment. Registered by portal.dashboards, the topmost app."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from portal import static_files

# Connections of beat and of a shell session.
OTHERS = 2
SHARE = 0.8


@register(Tags.compatibility)
def connections_suffice(**kwargs) -> list[CheckMessage]:
    """Requirement L8: one connection per web thread and worker; a fifth of the limit stays free for backups etc."""
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


@register(Tags.compatibility, deploy=True)
def channels_have_providers(**kwargs) -> list[CheckMessage]:
    """Nobody gets an SMS or a call from a channel that no provider sends for."""
    lacking = [name for name in ("sms", "voice") if not settings.MESSAGE_CHANNELS.get(name)]
    return [
        Warning(
            f"No provider sends {'SMS' if name == 'sms' else 'voice calls'}: nobody is told anything that way.",
            hint=f"Set {name.upper()}_URL, or {name.upper()}_ADAPTER by its dotted path (docs/configuration.md). Until "
            "then staff call, from the list of undelivered messages"
            + (", and nobody can sign in by code." if name == "sms" else "."),
            id=f"portal.W00{number}",
        )
        for number, name in enumerate(("sms", "voice"), start=1)
        if name in lacking
    ]


@register(Tags.compatibility, deploy=True)
def static_files_are_there(**kwargs) -> list[CheckMessage]:
    """Pages answer without them, but those of the admin and of the second factor have no style."""
    if not static_files.are_missing():
        return []
    return [
        Warning(
            "No static files were collected: pages of the admin have no style.",
            hint=f"Run: {static_files.COMMAND}",
            id="portal.W003",
        )
    ]


@register(Tags.database)
def connections_are_there(databases: Sequence[str] | None = None, **kwargs) -> list[CheckMessage]:
    """DATABASE_CONNECTIONS equals PostgreSQL's max_connections. Runs with `migrate`, that is on each update."""
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
