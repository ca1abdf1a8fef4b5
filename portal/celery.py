"""Celery, for places that outgrow the embedded dispatcher.

The queue is a doorbell: what has to be done stands in the database, so Redis may lose everything it holds. There is
one task only, which runs an entry of settings.UPKEEP; beat rings it on time and `wake` rings it early.
"""

import logging
import os

from celery import Celery, shared_task
from django.conf import settings
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

logger = logging.getLogger(__name__)


def defaults() -> dict:
    """What Celery is told unless settings say otherwise with CELERY_…; read when the app is first used."""
    return {
        "broker_url": settings.REDIS_URL or "memory://",
        # A dead Redis must cost a finished booking two seconds at most and never an error page.
        "broker_transport_options": {"socket_connect_timeout": 1, "socket_timeout": 2, "max_retries": 0},
        "broker_connection_retry_on_startup": True,
        "task_publish_retry": False,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_time_limit": 20 * 60,
        "worker_prefetch_multiplier": 1,
        "timezone": settings.TIME_ZONE,
        "beat_schedule": {
            # A ring that nobody answered in time is dropped: the next one does the same work.
            name: {
                "task": "portal.celery.run_upkeep",
                "args": (name,),
                "schedule": job["every"],
                "options": {"expires": job["every"]},
            }
            for name, job in settings.UPKEEP.items()
        },
    }


app = Celery("jiamenkou")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.add_defaults(defaults)


@shared_task(name="portal.celery.run_upkeep")
def run_upkeep(name: str) -> None:
    """Run one entry of settings.UPKEEP. Safe to run twice at once, as every service named there is."""
    import_string(str(settings.UPKEEP[name]["run"]))()


def wake(name: str) -> None:
    """Ask a worker to run this upkeep now. Without Redis, or with a dead one, the next regular round does it.

    Call it in `transaction.on_commit(..., robust=True)`: rung earlier, the worker would not find the row yet.
    """
    if not settings.REDIS_URL:
        return
    try:
        run_upkeep.apply_async((name,), expires=settings.UPKEEP[name]["every"], retry=False)
    except run_upkeep.OperationalError as error:
        logger.warning("Nobody could be woken for %s: %s", name, error)
