"""Production settings for a web server under test; static files from the source tree."""

import os
from pathlib import Path

from django.db.backends.signals import connection_created
from django.dispatch import receiver

from portal.settings import *  # noqa: F403
from portal.settings import DATABASES, LOGGING, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# A place that is gone is an answer here and no news.
LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}

if os.environ.get("CONN_HEALTH_CHECKS") == "0":  # a control: F4 with the guard off
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False

if "DISK_PAGES" in os.environ:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

    # F6: a file with the number of pages that SQLite's disk has room for, read by each new connection.
    @receiver(connection_created)
    def keep_to_the_disk(connection, **kwargs) -> None:
        if connection.vendor == "sqlite":
            pages = int(Path(os.environ["DISK_PAGES"]).read_text())
            connection.connection.execute(f"PRAGMA max_page_count={pages}")
