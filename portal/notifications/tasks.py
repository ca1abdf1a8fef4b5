"""Celery's door to settings.UPKEEP; `manage.py dispatch` is the other."""

from celery import shared_task

from portal.notifications import upkeep


@shared_task(name="portal.notifications.tasks.run_upkeep")
def run_upkeep(name: str) -> None:
    """Run one entry of settings.UPKEEP. Safe to run twice at once, as every service named there is."""
    upkeep.run(name)
