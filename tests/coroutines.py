"""Runs a coroutine in a thread of its own: where a browser has been started, the test's thread has a running loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor


def run_in_thread(coroutine: Coroutine) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
