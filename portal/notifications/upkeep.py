"""Running the jobs of settings.UPKEEP, and remembering when each last ended well."""

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.notifications.models import Beat


def run(name: str) -> object:
    """Run one job; returns what it returns. A job that fails leaves its old beat, which /readyz shows."""
    result = import_string(settings.UPKEEP[name]["run"])()
    Beat.objects.update_or_create(name=name, defaults={"at": timezone.now()})
    return result
