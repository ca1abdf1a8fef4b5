"""Clients that arrive over some seconds, each on a connection of its own."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from tests.bookers import Booker


def arrive(bookers: Sequence[Booker], port: int, seconds: float) -> None:
    """Starts them evenly within `seconds`, without waiting for responses; returns when all have responded."""
    begin = time.monotonic()

    def come(booker: Booker, at: float) -> None:
        time.sleep(max(0, begin + at - time.monotonic()))
        booker.book(port)

    _at_once([lambda b=booker, n=number: come(b, seconds * n / len(bookers)) for number, booker in enumerate(bookers)])


def keep_on(clients: Sequence[Callable[[], None]]) -> None:
    """Each in a thread of its own; the first exception of any is raised."""
    _at_once(clients)


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def statuses(bookers: Sequence[Booker]) -> Counter:
    return Counter(booker.answer.status if booker.answer else None for booker in bookers)


def _at_once(actions: Sequence[Callable[[], None]]) -> None:
    errors: list[Exception] = []

    def run(action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,), daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
