"""Shared fixtures: the named cast (tests/cast.py) and, for tests/browser, a Chromium."""

import gc
import importlib.util
import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from _pytest import runner
from django.test import TransactionTestCase

from portal.stack import in_one_chunk
from tests import databases, locks

LEFT_OUT = pytest.StashKey[int]()

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


@pytest.fixture(autouse=True)
def rules_are_known() -> None:
    """No change of a rule is stored, and none is asked for: a query that came every three seconds would be counted.

    A test changes a rule by `settings.X`, which is its default, or by tests.rules.set_rule.
    """
    from centers.rules import reading  # not before Django is set up

    reading.keep({}, float("inf"))


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker) -> Iterator[None]:
    """Takes the place of pytest-django's own, which migrates for each worker and drops only what nobody is using."""
    with django_db_blocker.unblock():
        databases.make(worker_of(request.config), request.config.cache.mkdir("jiamenkou"))
    yield
    with django_db_blocker.unblock():
        databases.drop()


def worker_of(config: pytest.Config) -> str:
    return getattr(config, "workerinput", {}).get("workerid", "main")


def pytest_configure(config: pytest.Config) -> None:
    os.makedirs(os.environ["TEST_FOLDER"], mode=0o700, exist_ok=True)
    TransactionTestCase._fixture_teardown = put_back
    locks.begin()
    # As in production: else the kernel takes a fifth of the time for mapping memory.
    runner.runtestprotocol = in_one_chunk(runner.runtestprotocol)


def put_back(_case: TransactionTestCase) -> None:
    """After a test that commits, in place of Django's flush, and when all other fixtures are gone.

    A connection that a thread or process of the test left open would keep the database from being dropped, at the very
    end and under the name of another test.
    """
    left_open = databases.others()
    databases.restore()
    assert left_open == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Whatever a test is about, on PostgreSQL it fails if something locks rows in another way than portal.locking."""
    yield
    assert locks.taken() == []


@pytest.hookimpl(wrapper=True)
def pytest_unconfigure(config: pytest.Config) -> Iterator[None]:
    yield  # until here pytest-django forbids to connect
    if worker_of(config) == "main":  # the workers are done by now
        databases.drop_template()
        shutil.rmtree(os.environ["TEST_FOLDER"], ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out what does not depend on the database: `make test` runs that on SQLite",
    )
    parser.addoption("--until", type=float, help="skip what has not begun at this Unix time: `make check`")


def pytest_itemcollected(item: pytest.Item) -> None:
    if "/tests/browser/" in item.path.as_posix():
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)  # in an order that pytest-randomly has shuffled
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database_only"):
        left_out = [item for item in items if not depends_on_the_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if depends_on_the_database(item)]
        config.stash[LEFT_OUT] = len(left_out)
    # Stable, and so that at the end both processors are busy with short ones.
    items.sort(key=turn)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    until = item.config.getoption("until")
    if until and time.time() > until:
        pytest.skip("no time is left for it")
    wait_for_midnight(longest=60 if item.get_closest_marker("browser") else 5)


def wait_for_midnight(longest: int) -> None:
    """What a test has made for today would be yesterday's before it ends, if midnight is within `longest` seconds."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    left = 24 * 3600 - (now.hour * 3600 + now.minute * 60 + now.second)
    if left < longest:
        time.sleep(left + 1)


def depends_on_the_database(item: pytest.Item) -> bool:
    """A test that asks for no database gets none: pytest-django forbids it to connect. Fault tests start their own."""
    if item.get_closest_marker("once"):
        return False
    if item.get_closest_marker("fault"):
        return True
    asked = {"db", "transactional_db", "live_server", "django_db_setup"} & set(item.fixturenames)
    return bool(asked or item.get_closest_marker("django_db"))


def turn(item: pytest.Item) -> int:
    """Those that are longest by themselves come first: up to a minute, up to ten seconds, all others."""
    if item.get_closest_marker("fault") or item.get_closest_marker("load"):
        return 0
    return 1 if item.get_closest_marker("browser") else 2


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)
    elif ran_out_of_time(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_testnodedown(node, error) -> None:
    """Of a worker, whose deselected tests pytest-xdist does not tell."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_collection_finish(session: pytest.Session) -> None:
    """gc.freeze: objects loaded by now live until the end, so that the GC need not traverse them again and again.

    By default it looks for garbage after every 700 new objects, about once for each page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def ran_out_of_time(config: pytest.Config) -> bool:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    stats = reporter.stats if reporter else {}
    return bool(config.getoption("until") and stats.get("skipped") and not stats.get("passed"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.line(f"{left_out} tests do not depend on the database and are left to the run on SQLite.")
    if ran_out_of_time(config):
        terminalreporter.section("NO TEST RAN: THE TIME WAS UP", sep="!", red=True, bold=True)
    if find_chromium() is None:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line("Put a Chromium on PATH or name one in CHROMIUM; REQUIRE_BROWSER=1 makes this a failure.")
