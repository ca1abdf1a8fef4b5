"""Configuration from environment variables, validated at start.

Errors name the variable and the expected value. `documented` collects the names for a test against
docs/configuration.md.
"""

import os
import re
from collections.abc import Sequence
from datetime import time
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

documented: set[str] = set()
_CONTACT = re.compile(r"https://\S+|tel:\+\d+|(mailto:)?[^@\s:/]+@[^@\s:/]+")


def text(name: str, default: str | None = None) -> str:
    documented.add(name)
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set: a value is required outside DEBUG.")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").strip().lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off", ""):
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected 1 or 0 (also true/false, on/off).")


def number(name: str, default: int, at_least: int = 0) -> int:
    value = text(name, str(default))
    if not value.strip().isdecimal() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number from {at_least} up.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def contacts(name: str, default: str) -> list[str]:
    """`security@example.cn,https://example.cn/report`: URIs; an e-mail address becomes a mailto:."""
    found = words(name, default)
    if not found or not all(_CONTACT.fullmatch(one) for one in found):
        raise ImproperlyConfigured(f"{name}: expected security@example.cn, https://… or tel:+86…, separated by commas.")
    return [one if ":" in one else f"mailto:{one}" for one in found]


def networks(name: str, default: str = "") -> Sequence[IPv4Network | IPv6Network]:
    """`127.0.0.1,10.0.0.0/8`: IP addresses and networks."""
    try:
        return [ip_network(word, strict=False) for word in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: expected addresses such as 127.0.0.1 or 10.0.0.0/8: {error}.") from None


def hours(name: str, default: str) -> tuple[time, time]:
    """`20:30-08:00`: start and end in local time; may cross midnight."""
    value = text(name, default)
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: expected two times such as 20:30-08:00.") from None
    return start, end


def span(name: str, default: str) -> tuple[int, int]:
    """`60-300`: minimum and maximum; a single number is both."""
    value = text(name, default)
    first, _, last = value.partition("-")
    parts = [part.strip() for part in (first, last or first)]
    if not all(part.isdecimal() for part in parts) or int(parts[0]) > int(parts[1]):
        raise ImproperlyConfigured(f"{name}={value!r}: expected two whole numbers such as 60-300, or 0.")
    return int(parts[0]), int(parts[1])


def database(name: str, default: str, write_queue: bool = True) -> dict:
    """`sqlite:///path` or `postgresql://user:password@host:port/name` (also a `host=` socket query)."""
    value = text(name, default)
    url = urlsplit(value)
    if url.scheme == "sqlite":
        return {
            "ENGINE": "portal.sqlite" if write_queue else "django.db.backends.sqlite3",
            "NAME": unquote(url.path[1:]),
            # Opening the file and setting it up costs a request two milliseconds.
            "CONN_MAX_AGE": 60,
            # BEGIN IMMEDIATE: a deferred transaction that read first cannot upgrade to the write lock under load;
            # SQLite answers "database is locked" (SQLITE_BUSY_SNAPSHOT) at once, whatever the timeout.
            # wal_autocheckpoint: a checkpoint every 8000 pages (32 MB) and not 1000, because most bookings write the
            # same pages: a checkpoint writes them once per 180 bookings and not per 22.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=8000; PRAGMA synchronous=FULL;"
                " PRAGMA foreign_keys=ON;",
            },
        }
    if url.scheme in ("postgres", "postgresql"):
        options = {}
        host = url.hostname or ""
        for pair in filter(None, url.query.split("&")):
            key, _, setting = pair.partition("=")
            if key == "host":
                host = unquote(setting)
            else:
                options[key] = unquote(setting)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path[1:]),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": host,
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(f"{name}={value!r}: expected sqlite:///file or postgresql://user:password@host/name.")


def email(name: str, default: str) -> dict:
    """`console://`, `file:///folder`, or `smtp[s]://user:password@host:port` as Django's EMAIL_ settings."""
    value = text(name, default)
    url = urlsplit(value)
    backends = "django.core.mail.backends."
    if url.scheme == "console":
        return {"EMAIL_BACKEND": backends + "console.EmailBackend"}
    if url.scheme == "file":
        return {"EMAIL_BACKEND": backends + "filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(url.path)}
    if url.scheme in ("smtp", "smtps") and url.hostname:
        return {
            "EMAIL_BACKEND": backends + "smtp.EmailBackend",
            "EMAIL_HOST": url.hostname,
            "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_SSL": url.scheme == "smtps",
            "EMAIL_TIMEOUT": 10,
        }
    raise ImproperlyConfigured(
        f"{name}={value!r}: expected console://, file:///folder or smtp(s)://user:password@host:port."
    )
