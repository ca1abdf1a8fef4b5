"""Health checks: liveness (/healthz) and readiness (/readyz). Public, without personal data."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from portal import static_files
from portal.anonymous import anonymous_read

# Sending runs every few seconds (settings.UPKEEP); five minutes without a round are a fault and not just load.
LATE_AFTER_SECONDS = 300
SENDING = "send-due-messages"
CHANNELS = ("sms", "voice")


@anonymous_read
@require_safe
@cache_control(no_store=True)
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: the process responds. No database access: an outage must not get all web workers restarted."""
    return HttpResponse(b'{"status": "ok"}', content_type="application/json")


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness: 503 when the database is unreachable or has unapplied migrations.

    A late dispatcher or calendar is reported with status 200: pages still work, and removing all web servers from the
    load balancer would turn late messages into no bookings.
    """
    try:
        plan = unapplied_migrations()
        waiting = None if plan else oldest_due_seconds()
        rounds = {} if plan else seconds_since_each_job()
        unplanned = 0 if plan else unplanned_messages()
        late_year = None if plan else late_calendar_year()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse(
        {
            "status": "unavailable" if plan else "ok",
            "database": "ok",
            "migrations": {"unapplied": len(plan)},
            "dispatcher": {
                "oldest_due_seconds": waiting,
                # Bookings whose reminder is over its hour and was never planned.
                "unplanned": unplanned,
                "status": "late" if unplanned or _is_late(waiting, rounds) else "ok",
            },
            # Without a provider a channel's messages are calls for the staff, and sign-in offers no code.
            "channels": {name: "ok" if settings.MESSAGE_CHANNELS.get(name) else "no provider" for name in CHANNELS},
            # From 1 December on, "late" while the next year's holidays are pending.
            "calendar": {"pending_year": late_year, "status": "late" if late_year else "ok"},
            # Without them the admin's pages have no style; the command that collects them.
            "static": {"status": "missing", "command": static_files.COMMAND}
            if static_files.are_missing()
            else {"status": "ok"},
            # By job of settings.UPKEEP; jobs that have never succeeded are missing.
            "seconds_since": rounds,
        },
        status=503 if plan else 200,
    )


def _is_late(waiting: int | None, rounds: dict[str, int]) -> bool:
    return max(waiting or 0, rounds.get(SENDING, 0)) > LATE_AFTER_SECONDS


def unapplied_migrations() -> list:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def oldest_due_seconds() -> int:
    """How long the oldest due message has been waiting; 0 when there is none."""
    # Looked up by name: the project root imports no app.
    oldest = apps.get_model("notifications", "Message").objects.due().first()
    return max(0, int((timezone.now() - oldest.ready_at).total_seconds())) if oldest else 0


def unplanned_messages() -> int:
    """Rows of settings.UNPLANNED_MESSAGES: who should have been told of something and has no message at all."""
    now = timezone.now()
    return sum(import_string(path)(now).count() for path in settings.UNPLANNED_MESSAGES)


def late_calendar_year() -> int | None:
    return apps.get_model("centers", "CalendarDay").objects.late_year(timezone.localdate())


def seconds_since_each_job() -> dict[str, int]:
    now = timezone.now()
    beats = apps.get_model("notifications", "Beat").objects.order_by("name").values_list("name", "at")
    return {name: max(0, int((now - at).total_seconds())) for name, at in beats}
