"""One settings file. What differs between machines is read through `env`, which fails loudly."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from csp.constants import NONCE, NONE, SELF

from portal import env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("DEMO", False)
SECRET_KEY = env.text("SECRET_KEY", "only-for-development" if DEBUG else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "*" if DEBUG else "localhost,127.0.0.1,[::1]")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)

# Load tests need to come from one address; nobody else may switch the limits off.
RATE_LIMITS = env.flag("RATE_LIMITS", True)
if not RATE_LIMITS and not (DEBUG or DEMO):
    raise ImproperlyConfigured("RATE_LIMITS=off is refused unless DEBUG=1 or DEMO=1.")

INSTALLED_APPS = [
    "portal.dashboards",
    "assessments",
    "appointments",
    "centers",
    "portal.notifications",
    "portal.accounts",
    "portal.ui",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "csp",
    "django_htmx",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context_processors.look",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR}/var/jiamenkou.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and rate limits stand in the database: signing in must outlive Redis.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")

LANGUAGE_CODE = env.text("LANGUAGE_CODE", "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = BASE_DIR / "var" / "media"

vars().update(env.email("EMAIL_URL", "console://"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "家门口 <noreply@localhost>")

REDIS_URL = env.text("REDIS_URL", "")

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Messages: each channel is an adapter by dotted path (docs/configuration.md says how to add a provider).
MESSAGE_CHANNELS = {
    "inbox": "portal.notifications.channels.inbox.Inbox",
    "email": "portal.notifications.channels.email.Email",
    "sms": env.text("SMS_ADAPTER", "portal.notifications.channels.outbox.FileOutbox"),
    "voice": env.text("VOICE_ADAPTER", "portal.notifications.channels.outbox.FileOutbox"),
}
MESSAGE_OUTBOX = env.text("MESSAGE_OUTBOX", str(BASE_DIR / "var" / "outbox.jsonl"))
SMS_SIGNATURE = env.text("SMS_SIGNATURE", "家门口")
# Minutes before an appointment at which a reminder is due: the day before and two hours before.
REMINDERS = [int(minutes) for minutes in env.words("REMINDERS", "1440,120")]

# Booking rules. All are our defaults and differ from county to county.
BOOKING_HORIZON_DAYS = env.number("BOOKING_HORIZON_DAYS", 30, at_least=1)
BOOKING_LEAD_MINUTES = env.number("BOOKING_LEAD_MINUTES", 30)
BOOKING_CANCEL_CUTOFF_MINUTES = env.number("BOOKING_CANCEL_CUTOFF_MINUTES", 120)
BOOKING_LIMIT_PER_PERSON_AND_DAY = env.number("BOOKING_LIMIT_PER_PERSON_AND_DAY", 3, at_least=1)
BOOKING_LIMIT_PER_PHONE_AND_DAY = env.number("BOOKING_LIMIT_PER_PHONE_AND_DAY", 6, at_least=1)

# What has to happen again and again, in seconds: run by `manage.py dispatch` and by Celery's beat alike.
UPKEEP = {
    "send-due-messages": {"run": "portal.notifications.services.dispatch", "every": 30},
    "make-slots-ahead": {"run": "appointments.services.slots.make_ahead", "every": 6 * 3600},
}
