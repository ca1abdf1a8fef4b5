"""Logs that may be kept for months: one line for each request, JSON in production, nothing in them about anybody.

Masked is the finished text, traceback included, so that it does not matter who wrote the line or how.
"""

import contextvars
import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("portal.requests")

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

HIDDEN = "…"
# Digits as people type them: also full-width ones, with spaces or hyphens between.
_GAP = r"[\s\-‐-―－]?"
MASKS: list[tuple[re.Pattern, str | Callable[[re.Match], str]]] = [
    # Whoever has the address of a slip, a case, a place in line, a rating or somebody's calendar may use it.
    (re.compile(r"(/(?:bookings|cases|waiting|tickets|rate|appointments|c|w)/)[^/\s\"'?&<>]+"), rf"\1{HIDDEN}"),
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
    # 18 characters of an identity card; asked for nowhere, typed by some all the same.
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


def mask(text: str) -> str:
    """The text without mobile numbers, codes, links, tokens and passwords; a number keeps its ends: 138****5678."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class Json(logging.Formatter):
    """One object a line; a line break in a message cannot start a line of its own."""

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
    """Take the proxy's X-Request-ID or give one, say it in each line and in the answer, and log the request."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        said = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        # It stays until this thread's next request: Django writes a line of its own after the last middleware.
        request_id.set(said)
        began = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = said
        _write(request, response, time.perf_counter() - began)
        return response

    return answer


def _write(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    # Without the query, where people's words stand. Files and the probes that come every few seconds are left out.
    match = request.resolver_match
    is_file = match is None and response.status_code < 400
    if is_file or (match and match.url_name in PROBES):
        return
    # Only if somebody has asked already: a line in the log is not worth a query.
    user = getattr(request, "_cached_user", None)
    facts = {
        "method": request.method,
        "path": mask(request.path),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        # Who spoke to us, and what they said about whom they speak for: anybody may say anything there.
        "address": request.META.get("REMOTE_ADDR", ""),
        "forwarded": mask(request.META.get("HTTP_X_FORWARDED_FOR", "")[:200]),
        "user": user.pk if user else None,
    }
    logger.info("%(method)s %(path)s %(status)s %(ms)s ms", facts, extra={"facts": facts})
