"""Production settings plus the bare views, and static files served from the source tree."""

import os

from portal.settings import *  # noqa: F403
from portal.settings import LOGGING, STORAGES

ROOT_URLCONF = "benchmarks.urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# Log lines are formatted as in production, but discarded.
LOGGING["handlers"]["console"]["stream"] = open(os.devnull, "w")  # noqa: SIM115
