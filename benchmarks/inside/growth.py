"""S1 on data of a given size: prints a round's median in seconds for each line on standard input."""

import statistics
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402

from benchmarks.inside.booking import REQUESTS, build, free_times, get, visitor  # noqa: E402
from centers.models import Center  # noqa: E402


def main(centers: int) -> None:
    build(first=Center.objects.count() + 1, last=centers)
    connection.cursor().execute("ANALYZE")
    ask = get(visitor(), free_times(Center.objects.select_related("division").first()))
    for _line in sys.stdin:
        print(statistics.median(_seconds(ask) for _request in range(REQUESTS)), flush=True)


def _seconds(ask) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]))
