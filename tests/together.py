"""Runs an action in many threads at the same moment, each with its own database connection."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def together(action: Callable, arguments: Sequence) -> list:
    """Call `action` once an argument, all released by one barrier; results or exceptions in order."""
    barrier = Barrier(len(arguments), timeout=60)

    def run(argument):
        try:
            connection.ensure_connection()
            barrier.wait()
            return action(argument)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))
