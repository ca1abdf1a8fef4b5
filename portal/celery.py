"""Celery, for installations that outgrow the embedded dispatcher.

The queue is only a wake-up signal: the work itself is rows in the database, so Redis may lose all its data. There is
one task, which runs a job of settings.UPKEEP, enqueued by beat periodically and by `wake` early. No countdowns: Redis
redelivers a task that waits longer than its visibility timeout to another worker.
"""

import logging
import os
import time

from celery import Celery
from django.conf import settings
from kombu import Queue
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

logger = logging.getLogger(__name__)

TASK = "portal.notifications.tasks.run_upkeep"
# After a failed wake-up, how long no further one is tried (circuit breaker); beat sends meanwhile.
BROKER_PAUSE_SECONDS = 30
_silent_until = 0.0


def defaults() -> dict:
    """Defaults of Celery's configuration, overridable by CELERY_… settings; read when the app is first used."""
    return {
        "broker_url": settings.REDIS_URL or "memory://",
        # An unreachable Redis must delay a committed booking by half a second at most, and never fail it.
        "broker_transport_options": {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0},
        "broker_connection_retry_on_startup": True,
        "task_publish_retry": False,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_time_limit": 20 * 60,
        "task_default_queue": "upkeep",
        "task_queues": [Queue(name, routing_key=name) for name in ("messages", "upkeep")],
        "worker_prefetch_multiplier": 1,
        # Celery's own log handlers would bypass the masking of settings.LOGGING.
        "worker_hijack_root_logger": False,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": {
            # Tasks not started within the interval are dropped: the next one does the same work.
            name: {
                "task": TASK,
                "args": (name,),
                "schedule": job["every"],
                "options": {"expires": job["every"], "queue": queue_of(job)},
            }
            for name, job in settings.UPKEEP.items()
        },
    }


def queue_of(job: dict) -> str:
    return job.get("queue", "upkeep")


app = Celery("jiamenkou")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.add_defaults(defaults)
app.autodiscover_tasks()


def wake(name: str) -> bool:
    """Queue wake-up: enqueue this job for a worker now. False if Redis is absent or unreachable; beat runs it then.

    Call it in `transaction.on_commit(..., robust=True)`: before the commit a worker would not see the row.
    """
    global _silent_until
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return False
    job = settings.UPKEEP[name]
    try:
        # By name: the project root imports no app.
        app.send_task(TASK, (name,), queue=queue_of(job), expires=job["every"], retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + BROKER_PAUSE_SECONDS
        logger.warning("Nobody could be woken for %s: %s", name, error)
        return False
    return True
