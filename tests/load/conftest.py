"""Load tests on a real web server. Short by default; `make test-load` (LOAD=full) runs the full counts."""

import os

import pytest

FULL = os.environ.get("LOAD") == "full"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/load/" in item.path.as_posix():
            item.add_marker(pytest.mark.load)
