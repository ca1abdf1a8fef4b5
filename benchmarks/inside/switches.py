"""Each request with a switch off and on, in turns: what prepared statements and a stack in one chunk buy."""

import statistics
import sys
from collections.abc import Callable
from functools import partial

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.inside.booking import booker, free_times, get, interleaved  # noqa: E402
from centers.models import Center  # noqa: E402
from portal.stack import in_one_chunk  # noqa: E402

# Frames above the request: a chunk of CPython's stack takes some hundred of them, and the edge may be met anywhere.
DEPTHS = range(0, 120, 10)


def main(database: str) -> None:
    center, client = Center.objects.select_related("division").first(), Client()
    page = get(client, reverse("book_time", args=[center.code, "renzheng"]))
    book = booker(client, center)("/api/v1/appointments")
    for name, ask in {"free places": get(client, free_times(center)), "booking page": page, "booking": book}.items():
        prepared(f"{name} {database}", in_one_chunk(ask))
    stack(f"booking page {database}", page)


def prepared(name: str, ask: Callable) -> None:
    def switched(is_on: bool) -> Callable:
        def act() -> None:
            settings.PREPARED_STATEMENTS = is_on
            ask()

        return act

    off, on, _tail = interleaved(switched(False), switched(True), times=30)
    report("PREPARED_STATEMENTS", name, off / on)


def stack(name: str, ask: Callable) -> None:
    found, roomy = [], in_one_chunk(ask)
    for depth in DEPTHS:
        off, on, _tail = interleaved(partial(below, depth, ask), partial(below, depth, roomy), times=5)
        found.append(off / on)
    report("portal.stack, median of all depths", name, statistics.median(found))
    report("portal.stack, worst depth", name, max(found))


def below(depth: int, ask: Callable) -> None:
    below(depth - 1, ask) if depth else ask()


def report(switch: str, name: str, ratio: float) -> None:
    print(f"{switch}: {name} off/on={ratio:.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
