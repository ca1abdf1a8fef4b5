"""Starts the shipped web server command on a free port for a test, and stops it with all its children."""

import contextlib
import ctypes
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1
# What a client sees of a server that is killed, or not there yet.
AWAY = (OSError, http.client.HTTPException)


@dataclass
class Web:
    port: int
    environment: dict[str, str]
    command: list[str]
    quiet: bool = False
    process: subprocess.Popen = field(init=False)

    def start(self, seconds: float = 60) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL if self.quiet else None,
            stderr=subprocess.DEVNULL if self.quiet else None,
            start_new_session=True,
            preexec_fn=_end_with_the_test,
        )
        self.wait_until_it_answers(seconds)

    def wait_until_it_answers(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(*AWAY), Visitor(self.port, timeout=5) as visitor:
                if visitor.get("/healthz").status == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError(f"The web server on port {self.port} does not answer.")

    def stop(self, seconds: float = 30) -> float:
        """As a service manager does; returns how long it took."""
        started = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(seconds)
        finally:
            self.kill()
        return time.monotonic() - started

    def kill(self) -> None:
        """Everything that belongs to it, also what a worker left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def workers(self) -> list[int]:
        """The processes that answer: those below that have no children of their own."""
        return [pid for pid in below(self.process.pid) if not _children(pid)]


@contextlib.contextmanager
def web(
    database_url: str, *, command: list[str] | None = None, workers: int = 2, quiet: bool = False, **variables: str
) -> Iterator[Web]:
    port = free_port()
    command = (command or shipped_command(workers)) + at_port(port)
    server = Web(port, environment(database_url, **variables), command, quiet)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def environment(database_url: str, **variables: str) -> dict[str, str]:
    """Production's settings, without the limits of one address: all our clients come from one.

    Without a provider's address SMS go into a file, so that they are stored.
    """
    outbox = {} if "SMS_URL" in variables else {"SMS_ADAPTER": "portal.notifications.channels.outbox.FileOutbox"}
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.web_settings",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "only-for-tests",
        "DEBUG": "0",
        "DEMO": "1",
        "RATE_LIMITS": "0",
        "REDIS_URL": "",
        "PYTHONUNBUFFERED": "1",
        **outbox,
        **variables,
    }


def shipped_command(workers: int = 2) -> list[str]:
    """The container's own, with its threads and time limits."""
    image = (ROOT / "Dockerfile").read_text()
    listed = re.search(r"^CMD .*\bgranian\b(.*) *portal\.wsgi:application", image, re.M | re.S)[1]
    variables = {**dict(re.findall(r"\b(WEB_[A-Z]+)=(\w+)", image)), "WEB_WORKERS": str(workers)}
    options = [variables.get(word.lstrip("$"), word) for word in re.findall(r'[^\s",\\]+', listed)]
    return [sys.executable, "-m", "granian", *options, "--workers", str(workers), "portal.wsgi:application"]


def at_port(port: int) -> list[str]:
    """Options that come later win."""
    return ["--host", "127.0.0.1", "--port", str(port)]


@dataclass
class Answer:
    status: int
    body: bytes
    headers: http.client.HTTPMessage

    def json(self):
        return json.loads(self.body)


class Visitor:
    """One client with one connection, opened again after it broke. Errors of the connection are raised."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: dict, **headers: str) -> Answer:
        return self.ask("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return Answer(response.status, response.read(), response.headers)
        except BaseException:
            self.connection.close()
            raise


def _end_with_the_test() -> None:
    """A test run that is itself killed tidies nothing up: then the kernel tells the server to end (Linux only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def below(pid: int) -> list[int]:
    found = _children(pid)
    return found + [pid for child in found for pid in below(child)]


def _children(pid: int) -> list[int]:
    # A process may start another from any of its threads.
    listed = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            listed += path.read_text().split()
    return [int(child) for child in listed]
