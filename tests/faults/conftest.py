"""Real processes, real servers, real kills. Short by default; `make test-faults` (FAULTS=full) runs the full counts."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from tests.faults.provider import Provider

FULL = os.environ.get("FAULTS") == "full"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/faults/" in item.path.as_posix():
            item.add_marker(pytest.mark.fault)


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    """Responds after 20 ms. The channels of this process and its children send to it."""
    with Provider(delay=0.02) as provider:
        channel = "portal.notifications.channels.http.Http"
        settings.MESSAGE_PROVIDERS = {name: {"url": provider.url, "token": "secret"} for name in ("sms", "voice")}
        settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": channel, "voice": channel}
        yield provider


def environment(provider: Provider, **changes: str) -> dict[str, str]:
    """Production settings on this test's own database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "0",
        "DATABASE_URL": database_url(),
        "REDIS_URL": "",
        "SMS_URL": provider.url,
        "VOICE_URL": provider.url,
        "MESSAGE_LEASE_SECONDS": "2",
        "QUIET_HOURS": "00:00-00:00",
        **changes,
    }


def database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    return f"postgresql://{values['USER']}{password}@/{values['NAME']}?host={quote(values['HOST'], safe='/')}" + (
        f"&port={values['PORT']}" if values["PORT"] else ""
    )


@dataclass
class Senders:
    """A supervisor and its sender processes; `pids` grows with each restart."""

    process: subprocess.Popen
    pids: list[int] = field(default_factory=list)

    def read(self) -> None:
        for line in self.process.stdout:
            self.pids.append(int(line))

    def kill_newest(self) -> None:
        """kill -9 once it has started; the supervisor restarts another."""
        known = len(self.pids)
        os.kill(self.pids[-1], signal.SIGKILL)
        wait_for(lambda: len(self.pids) > known)


@contextlib.contextmanager
def senders(provider: Provider, number: int, *options: str, **variables: str) -> Iterator[Senders]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.senders", str(number), *options],
        env=environment(provider, **variables),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    running = Senders(process)
    threading.Thread(target=running.read, daemon=True).start()
    try:
        wait_for(lambda: len(running.pids) >= number)
        yield running
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@contextlib.contextmanager
def celery_process(variables: dict[str, str], role: str, *options: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "celery", "-A", "portal", role, "--loglevel=warning", *options],
        env=variables,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(15)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("what was waited for did not come about")
        time.sleep(0.02)
