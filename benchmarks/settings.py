"""Production's settings with the bare views beside the product's, and files found where they are written."""

import os

from portal.settings import *  # noqa: F403
from portal.settings import LOGGING, STORAGES

ROOT_URLCONF = "benchmarks.urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# A line for each request is written as in production; nobody reads these.
LOGGING["handlers"]["console"]["stream"] = open(os.devnull, "w")  # noqa: SIM115
