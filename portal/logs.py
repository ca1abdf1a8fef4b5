"""Structured logging without personal data: one line per request, JSON in production.

Masking is applied to the formatted text including tracebacks, whichever library logged it.
"""

import contextvars
import json
import logging
import re
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("portal.requests")

BASE_DIR = Path(__file__).resolve().parent.parent

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

HIDDEN = "…"
# Separators in phone numbers as typed; full-width digits occur too.
_GAP = r"[\s\-‐-―－]?"
MASKS: list[tuple[re.Pattern, str | Callable[[re.Match], str]]] = [
    # Capability URLs: whoever has the link of a slip, case, waiting list entry, rating or calendar may use it.
    (re.compile(r"(/(?:bookings|cases|waiting|tickets|rate|appointments|c|w)/)[^/\s\"'?&<>]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(/accounts/in/)[^/\s\"'?&<>]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(/duty/)[\w-]+(?=\.ics)"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=:-]+"), rf"\1 {HIDDEN}"),
    (re.compile(r"\bjmk_\w+"), HIDDEN),
    (re.compile(r"(://[^\s:/@]*:)[^\s@/]+@"), rf"\1{HIDDEN}@"),
    (
        re.compile(
            r"(?i)((?:password|passwd|secret|token|sessionid|csrf\w*|cookie|link|api_?key|idempotency-key)"
            r"[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;)}]+"
        ),
        rf"\1{HIDDEN}",
    ),
    # Identity card numbers (18 characters), which some people type although none is asked for.
    (re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)"), HIDDEN),
    (
        re.compile(
            rf"(?<!\d)((?:(?:\+|%2B|00)?86{_GAP})?[1１][3-9３-９]\d){_GAP}(?:\d{_GAP}){{4}}(\d{_GAP}\d{_GAP}\d{_GAP}\d)(?!\d)"
        ),
        r"\1****\2",
    ),
    (re.compile(r"(?<!\d)(0\d{2,3}-?)\d{3,4}(\d{4})(?!\d)"), r"\1****\2"),
    (re.compile(r"(?i)((?:code|验证码|校验码|预约码)[^\d\n]{0,40})\d{3}[ -]?\d{3}(?!\d)"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(?<!\d)\d{3}[ -]?\d{3}(?=[^\d\n]{0,12}(?:验证码|校验码|预约码))"), HIDDEN),
]


# `File "/srv/portal/appointments/cases/access.py", line 7, in seen_row`, in an exception group behind `    |   `, and
# `/srv/portal/templates/appointments/cases/list.html`: our own paths look like links. Only files below these folders,
# and templates without a sign that only a link has, so that nothing that somebody sends passes for one.
_CODE = "|".join(re.escape(folder) for folder in sorted({str(BASE_DIR), sys.prefix, sys.base_prefix}))
_FILE = re.compile(
    rf'(^[ |]+File "(?:{_CODE})/[\w./+-]+\.pyx?", line \d+(?:, in [\w.<>]+)?$'
    rf"|{re.escape(str(BASE_DIR))}/templates/[a-z_/]+\.(?:html|txt|xml)\b)",
    re.MULTILINE,
)


def mask(text: str) -> str:
    """Masks phone numbers (138****5678), codes, secret links, tokens and passwords; not our own files."""
    parts = _FILE.split(text)  # every second one is a file
    parts[::2] = [_masked(part) for part in parts[::2]]
    return "".join(parts)


def _masked(text: str) -> str:
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class Json(logging.Formatter):
    """One JSON object per line; line breaks are escaped (no log injection)."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
            "pid": record.process,
        }
        if said := request_id.get():
            line["request"] = said
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


PROBES = ("healthz", "readyz", "metrics")
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: adds the proxy's X-Request-ID, or a new one, to log lines and response; logs the request."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        said = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        # Not reset until this thread's next request: Django logs another line after the last middleware.
        request_id.set(said)
        began = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = said
        _write(request, response, time.perf_counter() - began)
        return response

    return answer


def _write(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    # Without the query string, which has personal data. Static files and health checks are not logged.
    match = request.resolver_match
    is_file = match is None and response.status_code < 400
    if is_file or (match and match.url_name in PROBES):
        return
    # Only if the user is loaded already: logging must not cost a query.
    user = getattr(request, "_cached_user", None)
    facts = {
        "method": request.method,
        "path": mask(request.path),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        # Both the peer and X-Forwarded-For, because the latter can be forged.
        "address": request.META.get("REMOTE_ADDR", ""),
        "forwarded": mask(request.META.get("HTTP_X_FORWARDED_FOR", "")[:200]),
        "user": user.pk if user else None,
    }
    logger.info("%(method)s %(path)s %(status)s %(ms)s ms", facts, extra={"facts": facts})
