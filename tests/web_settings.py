"""Production's settings for a web server under test: static files are found where they are written."""

from portal.settings import *  # noqa: F403
from portal.settings import LOGGING, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# A place that is gone is an answer here and no news.
LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}
