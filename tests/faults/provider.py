"""A fake provider of SMS and calls that can misbehave; it records the requests.

Runs in the test's own process on a free port. `answer` decides the response to a request.
"""

import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    status: int = 200
    body: str = '{"code": 0}'
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Received:
    key: str
    to: str
    at: float


class Provider:
    """`with Provider(delay=0.02) as provider:` then `provider.url`, `provider.received`, `provider.answer = …`."""

    def __init__(self, delay: float = 0.0):
        self.received: list[Received] = []
        self.answer: Callable[[dict], Answer] = lambda message: Answer(delay=delay)
        self.gone = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.provider = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/send"

    @property
    def people(self) -> list[str]:
        """Numbers that were reached, at a provider that drops requests with an id it has seen."""
        return list({received.key: received.to for received in self.received}.values())

    @property
    def repeats(self) -> int:
        return len(self.received) - len({received.key for received in self.received})

    def longest_silence(self) -> float:
        times = sorted(received.at for received in self.received)
        return max((after - before for before, after in itertools.pairwise(times)), default=0.0)

    def __enter__(self) -> "Provider":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    provider: Provider

    def handle_error(self, request, client_address) -> None:
        """Senders are killed in these tests: broken pipes are expected."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        provider = self.server.provider
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Idempotency-Key"] == message["id"]
        provider.received.append(Received(message["id"], message["to"], time.monotonic()))
        answer = provider.answer(message)
        if answer.delay:
            provider.gone.wait(answer.delay)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = answer.body.encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass
