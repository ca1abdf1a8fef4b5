"""Settings of the test run: production's, less what would slow every test down.

The shell's DEBUG and DEMO must not change what a test sees, so they are set here before the settings are read.
"""

import os
import tempfile
from datetime import time

os.environ.update(DEBUG="0", DEMO="0", SECRET_KEY="only-for-tests", SITE_URL="http://localhost:8000")
for name in ("ALLOWED_HOSTS", "RATE_LIMITS", "TIME_ZONE", "LANGUAGE_CODE", "TRUSTED_PROXY_COUNT", "EMAIL_URL"):
    os.environ.pop(name, None)
# Most tests sign an official in to look at a page; tests/accounts/test_second_factor.py asks for the second factor.
os.environ["REQUIRE_SECOND_FACTOR"] = "0"

# One folder a run, inherited by the xdist workers, so that several runs can go on at once; tests/conftest.py makes it.
TEST_FOLDER = os.environ.setdefault("TEST_FOLDER", f"{tempfile.gettempdir()}/jiamenkou-tests-{os.getpid()}")
# Only a server is taken from DATABASE_URL: Django makes a database of its own there and drops it afterwards.
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from portal.settings import *  # noqa: E402, F403
from portal.settings import (  # noqa: E402
    API_ROUTERS,
    APP_URLS,
    CACHES,
    DATABASES,
    INSTALLED_APPS,
    MESSAGE_CHANNELS,
    STORAGES,
)
from tests.guestbook import tables as guestbook  # noqa: E402

# An app that joins by settings alone (tests/registries).
INSTALLED_APPS = [*INSTALLED_APPS, "tests.guestbook"]
APP_URLS = [*APP_URLS, *guestbook.APP_URLS]
API_ROUTERS = [*API_ROUTERS, *guestbook.API_ROUTERS]

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads must use the same locks as in production. No fsync: the data may be lost.
    DATABASES["default"]["TEST"] = {"NAME": f"{TEST_FOLDER}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

# A page costs the same the second time; tests/dashboards/test_to_do.py asks for the numbers to be remembered.
CACHES = {**CACHES, "to-do": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = f"{TEST_FOLDER}/media"
# A test run at night sends as one by day; tests/notifications/test_quiet_hours.py asks for quiet.
QUIET_HOURS = (time(0), time(0))
# A freed place is free at once; tests/appointments/waiting asks for a cooldown.
SLOT_HOLD_BACK_SECONDS = (0, 0)
# Somebody takes the messages of both channels; tests of what is said where nobody does take them away.
_outbox = "portal.notifications.channels.outbox.FileOutbox"
MESSAGE_CHANNELS = {**MESSAGE_CHANNELS, "sms": _outbox, "voice": _outbox}
MESSAGE_OUTBOX = f"{TEST_FOLDER}/outbox.jsonl"
# Files are found where they are written: no collectstatic before a test run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
