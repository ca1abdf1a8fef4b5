"""What every test may lean on: the named cast (tests/cast.py) and, for tests/browser, a Chromium."""

import gc
import importlib.util
import os
import shutil

import pytest

pytest_plugins = ["tests.cast"] if importlib.util.find_spec("tests.cast") else []


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium, or CHROMIUM. Without one browser tests are skipped; REQUIRE_BROWSER makes them fail."""
    path = find_chromium()
    if path is None and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1 but no Chromium on PATH and CHROMIUM is not set.")
    if path is None:
        pytest.skip("no Chromium on PATH and CHROMIUM is not set")
    return path


def find_chromium() -> str | None:
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def pytest_configure(config: pytest.Config) -> None:
    os.makedirs(os.environ["TEST_FOLDER"], mode=0o700, exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the workers are done by now
        shutil.rmtree(os.environ["TEST_FOLDER"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays until the end: the collector need not look through all of it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if find_chromium() is None:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line("Put a Chromium on PATH or name one in CHROMIUM; REQUIRE_BROWSER=1 makes this a failure.")
