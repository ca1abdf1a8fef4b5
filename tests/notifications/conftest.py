from pathlib import Path

import pytest

from portal.notifications import sender_threads


@pytest.fixture
def outbox(settings, tmp_path) -> Path:
    settings.MESSAGE_OUTBOX = str(tmp_path / "outbox.jsonl")
    return tmp_path / "outbox.jsonl"


@pytest.fixture
def channel_raises(monkeypatch):
    """`channel_raises(error)`: every channel refuses with it; `channel_raises(None)`: every channel takes all."""

    def behave(error: Exception | None) -> None:
        class Channel:
            def send(self, message):
                if error:
                    raise error

        monkeypatch.setattr(sender_threads, "adapter_for", lambda channel: Channel())

    return behave
