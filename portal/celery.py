"""Celery, for places that outgrow the embedded dispatcher.

The queue is a doorbell: what has to be done stands in the database, so Redis may lose everything it holds. There is
one task only, which runs an entry of settings.UPKEEP; beat rings it on time and `wake` rings it early. No countdowns:
Redis gives a task that waits longer than its visibility timeout to a second worker, and a third.
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
# After a ring that failed, how long nobody else has to find that out: the sweep sends meanwhile.
BREAK_SECONDS = 30
_silent_until = 0.0


def defaults() -> dict:
    """What Celery is told unless settings say otherwise with CELERY_…; read when the app is first used."""
    return {
        "broker_url": settings.REDIS_URL or "memory://",
        # A dead Redis must cost a finished booking half a second at most and never an error page.
        "broker_transport_options": {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0},
        "broker_connection_retry_on_startup": True,
        "task_publish_retry": False,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_time_limit": 20 * 60,
        "task_default_queue": "upkeep",
        "task_queues": [Queue(name, routing_key=name) for name in ("messages", "upkeep")],
        "worker_prefetch_multiplier": 1,
        # Celery's own handlers would print what settings.LOGGING masks.
        "worker_hijack_root_logger": False,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": {
            # A ring that nobody answered in time is dropped: the next one does the same work.
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
    """Ask a worker to run this upkeep now; False without Redis, or with a dead one: then the next sweep does it.

    Call it in `transaction.on_commit(..., robust=True)`: rung earlier, the worker would not find the row yet.
    """
    global _silent_until
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return False
    job = settings.UPKEEP[name]
    try:
        # By name: the project's root imports no app.
        app.send_task(TASK, (name,), queue=queue_of(job), expires=job["every"], retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + BREAK_SECONDS
        logger.warning("Nobody could be woken for %s: %s", name, error)
        return False
    return True
