"""One settings file. What differs between machines is read through `env`, which fails loudly."""

from pathlib import Path
from urllib.parse import urlsplit

import django
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from portal import clock, env
from portal.hooks import *  # noqa: F403
from portal.registries import *  # noqa: F403
from portal.rules import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("DEMO", False)
if DEMO_CLOCK := env.text("DEMO_CLOCK", ""):
    if not DEMO:
        raise ImproperlyConfigured("DEMO_CLOCK is refused unless DEMO=1: bookings would get wrong times.")
    clock.follow(DEMO_CLOCK)
SECRET_KEY = env.text("SECRET_KEY", "only-for-development" if DEBUG else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "*" if DEBUG else "localhost,127.0.0.1,[::1]")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# A shorter URL of this site for links in an SMS, which has 70 characters.
SHORT_URL = env.text("SHORT_URL", SITE_URL).rstrip("/")
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)

# Load tests come from one address; only they may disable rate limiting.
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
    "portal.accounts.apps.AuditLogConfig",
    "csp",
    "django_htmx",
    "import_export",
    "ninja",
]

MIDDLEWARE = [
    "portal.logs.middleware",
    "portal.metrics.middleware",
    "portal.ui.appearance.language_middleware",
    # Answers anonymous reads itself; what comes after it costs them nothing.
    "portal.anonymous.middleware",
    "portal.ui.responses.headers_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.ui.tails.middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "centers.access.cache_memberships",
    "centers.to_do.note_steps",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.audit_context.Middleware",
    "centers.former_codes.Middleware",
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
                "portal.ui.kept.kept",
                "centers.context_processors.menu",
            ],
            "libraries": {"catalog": "appointments.catalog.tags", "desk": "appointments.desk.tags"},
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# portal/prepared.py and portal/sqlite/ lean on private API of Django: off, and slower, with versions not checked.
DJANGO_IS_CHECKED = django.VERSION[:2] == (5, 2)
PREPARED_STATEMENTS = env.flag("PREPARED_STATEMENTS", DJANGO_IS_CHECKED)
_queue = env.flag("SQLITE_WRITE_QUEUE", DJANGO_IS_CHECKED)
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR}/var/jiamenkou.sqlite3", _queue)}
# Behind a pooler in transaction mode, cursors and prepared statements would be on another connection.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.flag("DATABASE_POOLER", False)
# One statement of a request on PostgreSQL (portal.statement_limit); less than a proxy waits.
WEB_STATEMENT_SECONDS = env.number("WEB_STATEMENT_SECONDS", 10, at_least=1)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Capacity; portal.checks compares it with the database's connection limit (L8).
WEB_MACHINES = env.number("WEB_MACHINES", 1, at_least=1)
WEB_WORKERS = env.number("WEB_WORKERS", 2, at_least=1)
WEB_THREADS = env.number("WEB_THREADS", 4, at_least=1)
WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 2)
DATABASE_CONNECTIONS = env.number("DATABASE_CONNECTIONS", 100, at_least=1)

# Sessions and rate limits are in the database: sign-in must not depend on Redis.
SESSION_ENGINE = "portal.accounts.sessions"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"},
    # Rendered pieces of pages, in each worker's memory. A piece's key names everything that it shows.
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2_000}},
    # The numbers of 要您做的, in each worker's memory (centers.to_do).
    "to-do": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "to-do",
        "TIMEOUT": 30,
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "portal.accounts.passwords.NotCommon"},
]
LOGIN_URL = reverse_lazy("account_login")

LANGUAGE_CODE = env.text("LANGUAGE_CODE", "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / env.text("STATIC_ROOT", "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "portal.static_files.Storage"
    },
}
MEDIA_ROOT = BASE_DIR / "var" / "media"

vars().update(env.email("EMAIL_URL", "console://"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "家门口 <noreply@localhost>")

REDIS_URL = env.text("REDIS_URL", "")

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Codes of the centers that a browser has visited. Written by its script (static/js/app.js), which knows the name.
RECENT_COOKIE = "centers"
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# Asks browsers to list the domain, which cannot be undone for months: only who has decided so.
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", False) and SECURE
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Who is told of a vulnerability (/.well-known/security.txt). RFC 2142 keeps this mailbox for it.
SECURITY_CONTACTS = env.contacts("SECURITY_CONTACT", f"security@{urlsplit(SITE_URL).hostname}")
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

# Audit log (django-auditlog) of everything that people decide. Phone numbers are masked there too.
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    # `rating` is a reverse relation: logging it would cost each booking a query.
    {"model": "appointments.Appointment", "exclude_fields": ["link", "key", "rating"], "mask_fields": ["phone"]},
    {"model": "appointments.WaitingEntry", "exclude_fields": ["link", "key"], "mask_fields": ["phone"]},
    {"model": "centers.Resident", "mask_fields": ["phone"]},
    {"model": "accounts.User", "exclude_fields": ["last_login"], "mask_fields": ["password", "phone"]},
    {"model": "accounts.Invitation", "exclude_fields": ["code_hash"]},
    {"model": "appointments.OfflineMark", "exclude_fields": ["key", "name", "matter"]},
    "appointments.ServiceItem",
    "appointments.ItemDraft",
    "appointments.ItemOptOut",
    {"model": "appointments.Case", "exclude_fields": ["link", "key", "rating"], "mask_fields": ["phone"]},
    {"model": "appointments.Ticket", "exclude_fields": ["link", "key"]},
    {"model": "centers.ApiToken", "exclude_fields": ["digest", "last_used_at"]},
    "appointments.ItemAgent",
    "centers.Center",
    "centers.ClosureNotice",
    {"model": "centers.DutyShift", "exclude_fields": ["added_in", "removed_in"]},
    "centers.FamilyLink",
    {"model": "centers.HolidayNotice", "exclude_fields": ["key", "text", "before", "after"]},
    "centers.Leave",
    "centers.MarketRule",
    "centers.Membership",
    {"model": "centers.MemberChange", "exclude_fields": ["key"]},
    "centers.OpeningRule",
    "centers.PresenceReport",
    "centers.Room",
    "centers.Roster",
    "centers.ShiftSwap",
    {"model": "centers.Staff", "exclude_fields": ["calendar_key"], "mask_fields": ["phone"]},
)

AUDITLOG_CID_HEADER = None  # do not store a header that clients can forge

# Messages: each channel is an adapter by dotted path (docs/configuration.md says how to add a provider).
MESSAGE_PROVIDERS = {
    "sms": {"url": env.text("SMS_URL", ""), "token": env.text("SMS_TOKEN", "")},
    "voice": {"url": env.text("VOICE_URL", ""), "token": env.text("VOICE_TOKEN", "")},
}
_http = "portal.notifications.channels.http.Http"
# "" is a channel without a provider: what only a message can tell is a call for the staff (portal.notifications).
MESSAGE_CHANNELS = {
    "email": "portal.notifications.channels.email.Email",
    "sms": env.text("SMS_ADAPTER", _http if MESSAGE_PROVIDERS["sms"]["url"] else ""),
    "voice": env.text("VOICE_ADAPTER", _http if MESSAGE_PROVIDERS["voice"]["url"] else ""),
}
RECEIPT_TOKEN = env.text("RECEIPT_TOKEN", "")
# Concurrent sends per channel and process in a rush; otherwise one (sending.RUSH).
MESSAGE_THREADS = env.number("MESSAGE_THREADS", 4, at_least=1)
# Lease (visibility timeout), longer than an adapter's timeout (10 s): after it the sender is assumed dead.
MESSAGE_LEASE_SECONDS = env.number("MESSAGE_LEASE_SECONDS", 60, at_least=1)
# No SMS and no call in these hours unless it is urgent; equal times switch it off.
QUIET_HOURS = env.hours("QUIET_HOURS", "20:30-08:00")
MESSAGE_OUTBOX = env.text("MESSAGE_OUTBOX", str(BASE_DIR / "var" / "outbox.jsonl"))
SMS_SIGNATURE = env.text("SMS_SIGNATURE", "家门口")

# Sign-in (portal.accounts, django-allauth)
LOGIN_REDIRECT_URL = "start"
OWN_ACCOUNT_URL = "account"  # the page of one's own account, in an app above portal.accounts
DEMO_PASSWORD = "demo-jiamenkou"
DEMO_LOGINS = {
    "villager": "村民（王奶奶）",
    "family": "她的儿子，替她预约",
    "cadre": "代办员",
    "manager": "中心负责人",
    "township": "乡镇工作人员",
    "county": "县级管理员",
    "admin": "系统管理员",
}
CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 100_000}  # Django's default of 300 would evict entries under load
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True  # the idle timeout decides how long, see portal.accounts.idle
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "request_login_code": "portal.accounts.forms.RequestCodeForm",
    "confirm_login_code": "portal.accounts.forms.ConfirmCodeForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "set_password": "portal.accounts.forms.SetPasswordForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
# What comes from an address is counted by portal.accounts (password_throttle, codes), which counts IPv6 by /64 and /48.
# allauth counts by account only: the second factor ("login_failed"), and the password of somebody who is signed in.
ACCOUNT_RATE_LIMITS = RATE_LIMITS and {
    "login": None,
    "request_login_code": None,
    "login_failed": "5/5m/key,10/d/key",
    "change_password": "5/m/user,30/d/user",
    "reauthenticate": "10/m/user,60/d/user",
}
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "portal.accounts.second_factor_forms.ActivateForm",
    "authenticate": "portal.accounts.second_factor_forms.AuthenticateForm",
    "reauthenticate": "portal.accounts.second_factor_forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MIDDLEWARE += [
    "portal.accounts.idle.middleware",
    "portal.accounts.second_factor.Middleware",
    "portal.accounts.kept_text.middleware",
]
# Not in the demo, whose logins are published on the sign-in page.
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR", not (DEBUG or DEMO))
SECOND_FACTOR_PREDICATE = "centers.access.needs_second_factor"
STAFF_PREDICATE = "centers.access.memberships_of"  # whoever holds any role
ACCOUNTS_WITHIN = "centers.access.accounts_within"  # whom an official finds in the admin
IDLE_SECONDS_STAFF = env.number("IDLE_MINUTES_STAFF", 30, at_least=1) * 60
IDLE_SECONDS_VILLAGER = SESSION_COOKIE_AGE = 14 * 24 * 3600
# Whether somebody has booked with a number: a part of the SMS budget is kept for them (portal.accounts.codes).
KNOWN_NUMBER_PREDICATE = "appointments.booking.look_up.has_booked"
LOGIN_CODE_SENDER = "portal.notifications.services.send_login_code"
SMS_DAILY_BUDGET = env.number("SMS_DAILY_BUDGET", 2000)

# To standard error, which systemd or Docker stores. Django's default outside of DEBUG only mails administrators.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "portal.logs.Plain", "format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "portal.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Without Django's own handlers, which bypass the masking.
    "loggers": {"django": {"handlers": [], "level": "INFO"}, "django.server": {"handlers": [], "propagate": True}},
}

# Addresses and networks that may scrape /metrics.
METRICS_ALLOW = env.networks("METRICS_ALLOW", "127.0.0.1,::1")
