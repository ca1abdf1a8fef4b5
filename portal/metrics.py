"""`/metrics` in Prometheus' text format, for addresses in METRICS_ALLOW.

Stored data is counted in the database and the same in every process. Requests and refusals are counted per process,
with its pid as label: query `sum without (pid) (rate(...[5m]))`. Without the client library, whose multi-process mode
needs a directory of memory-mapped files that must be emptied at each start.
"""

import ipaddress
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PREFIX = "jiamenkou_"
# Histogram buckets in seconds; 0.5 and 1 are the targets under load (L2, L3).
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# Family: (name, type, help, samples), where a sample is (labels, value)
Labels = dict[str, str]
Family = tuple[str, str, str, Iterable[tuple[Labels, float]]]

_lock = threading.Lock()
_requests: Counter[tuple[str, str, str]] = Counter()
_seconds: Counter[str] = Counter()
_within: Counter[tuple[str, float]] = Counter()
_refused: Counter[str] = Counter()


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        _observe(request, response.status_code, time.perf_counter() - began)
        return response

    return answer


def _observe(request: HttpRequest, status: int, seconds: float) -> None:
    # Label by view name and never by path: arbitrary paths would exhaust memory (label cardinality).
    view = (request.resolver_match and request.resolver_match.view_name) or "none"
    method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
    with _lock:
        _requests[view, method, str(status)] += 1
        _seconds[view] += seconds  # type: ignore[assignment]
        _within[view, next((bound for bound in BUCKETS if seconds <= bound), float("inf"))] += 1


def refused(code: str) -> None:
    """Count a refused booking by its RuleBroken code."""
    with _lock:
        _refused[code] += 1


@require_safe
@never_cache
@login_not_required
def view(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        raise Http404
    families = [*_of_this_process(), *(family for path in settings.METRICS for family in import_string(path)())]
    return HttpResponse(text(families), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    if not settings.TRUSTED_PROXY_COUNT and "X-Forwarded-For" in request.headers:
        return False  # behind an unconfigured proxy REMOTE_ADDR is the proxy's, often loopback
    try:
        address = ipaddress.ip_address(import_string("portal.accounts.addresses.client_address")(request))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_ALLOW)


def _of_this_process() -> Iterator[Family]:
    pid = {"pid": str(os.getpid())}
    with _lock:
        requests, seconds, within, refusals = _requests.copy(), _seconds.copy(), _within.copy(), _refused.copy()
    yield (
        "requests_total",
        "counter",
        "Requests answered.",
        [
            ({"view": view, "method": method, "status": status} | pid, n)
            for (view, method, status), n in requests.items()
        ],
    )
    yield "request_seconds", "histogram", "How long answers took.", list(_histogram(seconds, within, pid))
    yield (
        "bookings_refused_total",
        "counter",
        "Bookings refused.",
        [({"code": code} | pid, n) for code, n in refusals.items()],
    )


def _histogram(seconds: dict, within: dict, pid: Labels) -> Iterator[tuple[Labels, float]]:
    for name, total in seconds.items():
        labels, count = {"view": name} | pid, 0
        for bound in (*BUCKETS, float("inf")):
            count += within.get((name, bound), 0)
            yield {"": "_bucket", **labels, "le": "+Inf" if bound == float("inf") else str(bound)}, count
        yield {"": "_sum", **labels}, total
        yield {"": "_count", **labels}, count


def text(families: Iterable[Family]) -> str:
    """The text format. The pseudo-label "" is the suffix of a sample's name (histograms: _bucket, _sum, _count)."""
    lines = []
    for name, kind, explanation, samples in families:
        name = PREFIX + name
        lines += [f"# HELP {name} {explanation}", f"# TYPE {name} {kind}"]
        for labels, value in samples:
            inside = ",".join(f'{key}="{_escaped(said)}"' for key, said in labels.items() if key)
            lines.append(f"{name}{labels.get('', '')}{{{inside}}} {value}" if inside else f"{name} {value}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
