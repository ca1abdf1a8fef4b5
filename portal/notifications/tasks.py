"""Celery task that runs the jobs of settings.UPKEEP; `manage.py dispatch` is the alternative."""

from celery import shared_task

from portal.notifications import upkeep


@shared_task(name="portal.notifications.tasks.run_upkeep")
def run_upkeep(name: str) -> None:
    """Run one job of settings.UPKEEP. Every job is safe to run in parallel."""
    upkeep.run(name)
