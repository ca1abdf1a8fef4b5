"""Two questions that a load balancer and a person on duty ask. Public, and telling nothing about anybody."""

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Sending runs every 30 s (settings.UPKEEP); ten missed rounds are a fault and not a busy moment.
LATE_AFTER_SECONDS = 300
SENDING = "send-due-messages"


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Does this process answer? Touches nothing else: a dead database must not get every web worker restarted."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Can this process serve? 503 when the database is away or behind on migrations.

    A late dispatcher is shown and leaves the status at 200: pages still work, and taking the web servers out of the
    balancer would turn late messages into no bookings.
    """
    try:
        plan = unapplied_migrations()
        waiting = None if plan else oldest_due_seconds()
        rounds = {} if plan else seconds_since_each_job()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse(
        {
            "status": "unavailable" if plan else "ok",
            "database": "ok",
            "migrations": {"unapplied": len(plan)},
            "dispatcher": {
                "oldest_due_seconds": waiting,
                "status": "late" if max(waiting or 0, rounds.get(SENDING, 0)) > LATE_AFTER_SECONDS else "ok",
            },
            # By job of settings.UPKEEP; one that never ended well is missing.
            "seconds_since": rounds,
        },
        status=503 if plan else 200,
    )


def unapplied_migrations() -> list:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def oldest_due_seconds() -> int:
    """How long the message that waits longest has been due; 0 when none waits."""
    # Looked up by name: the project's root imports no app.
    oldest = apps.get_model("notifications", "Message").objects.due().first()
    return max(0, int((timezone.now() - oldest.ready_at).total_seconds())) if oldest else 0


def seconds_since_each_job() -> dict[str, int]:
    now = timezone.now()
    beats = apps.get_model("notifications", "Beat").objects.order_by("name").values_list("name", "at")
    return {name: max(0, int((now - at).total_seconds())) for name, at in beats}
