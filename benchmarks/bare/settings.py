"""A bare Django project on the portal's database: Django's own seven middlewares, its own backend, nothing of ours."""

import os

from portal import env

SECRET_KEY = "only-for-benchmarks"
ALLOWED_HOSTS = ["*"]
DEBUG = False
ROOT_URLCONF = "benchmarks.bare.urls"
USE_TZ, TIME_ZONE = True, "Asia/Shanghai"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "benchmarks.bare"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"day.html": ""})]},
    }
]
TEMPLATES[0]["OPTIONS"]["loaders"][0][1]["day.html"] = (  # type: ignore[index]
    '<!doctype html><html lang="zh"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><ul>'
    '{% for pk, start, free in slots %}<li><a href="/book/{{ pk }}">{{ start|time:"H:i" }} – {{ free }}</a></li>'
    "{% endfor %}</ul></body></html>"
)
DATABASES = {"default": env.database("DATABASE_URL", os.environ["DATABASE_URL"], False)}
LOGGING_CONFIG = None
