"""Files under STATIC_ROOT, which `manage.py collectstatic` fills. Ours are bundles of their own (portal.ui.assets)."""

from pathlib import Path

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

MANIFEST = CompressedManifestStaticFilesStorage.manifest_name
COMMAND = "manage.py collectstatic --noinput"


class Storage(CompressedManifestStaticFilesStorage):
    """Where a file is missing its plain name is given: a page without its style, and not the answer 500."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name


def are_missing() -> bool:
    """Whether pages of the admin have no style because nothing was collected. Never with DEBUG, which needs nothing."""
    return not settings.DEBUG and not (Path(settings.STATIC_ROOT) / MANIFEST).is_file()
