"""Clients that book through the API of a real web server and retry with the same idempotency key."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.web import AWAY, Answer, Visitor

PATIENCE = 60


@dataclass
class Booker:
    """One person and one booking; `tries` is the number of requests until a response arrived."""

    number: int
    slot: int
    item: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    tries: int = 0
    seconds: float = 0.0
    answer: Answer | None = None
    met: set[int] = field(default_factory=set)  # the 5xx on the way

    @property
    def phone(self) -> str:
        return f"137{self.number:08d}"

    @property
    def code(self) -> str | None:
        """The code of an acknowledged booking."""
        return self.answer.json()["code"] if self.answer and self.answer.status in (200, 201) else None

    def ask(self, visitor: Visitor) -> Answer:
        body = {"slot": self.slot, "item": self.item, "name": "王桂兰", "phone": self.phone}
        return visitor.post("/api/v1/appointments", body, **{"Idempotency-Key": self.key})

    def book(self, port: int, before_again: Callable[["Booker"], None] = lambda booker: None) -> Answer:
        """Retry until the status is below 500; `before_again` is for controls."""
        started = time.monotonic()
        with Visitor(port) as visitor:
            while time.monotonic() - started < PATIENCE:
                self.tries += 1
                try:
                    self.answer = self.ask(visitor)
                    if self.answer.status < 500:
                        break
                    self.met.add(self.answer.status)
                except AWAY:
                    self.answer = None
                before_again(self)
                time.sleep(0.05)
        self.seconds = time.monotonic() - started
        if self.answer is None:
            raise TimeoutError(f"nobody answered {self} within {PATIENCE} s")
        return self.answer
