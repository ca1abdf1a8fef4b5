"""Runs the periodic jobs of settings.UPKEEP, and records a heartbeat for each."""

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.notifications.models import Beat


def run(name: str) -> object:
    """Run one job and return its result. A failed job does not update its heartbeat, which /readyz checks."""
    result = import_string(settings.UPKEEP[name]["run"])()
    Beat.objects.update_or_create(name=name, defaults={"at": timezone.now()})
    return result
