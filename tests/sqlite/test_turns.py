"""SQLite's write queue is FIFO, and a thread or process that ends does not block the others."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError

from portal.sqlite.queue import Queue, queue_of
from portal.ui.outages import BUSY, outage_of
from tests.sqlite.writers import DJANGOS, OURS, Writing, connect, count, make, run

THREADS, SECONDS = 8, 2
# Tolerance: a thread that is preempted before it enters the queue has been counted as waiting already.
OFTEN = 8 * THREADS
ONE_MORE = "UPDATE counter SET written = written + 1"
# Far less than production's 20 s: whoever is let in meanwhile did not have to wait for it to pass.
SOON = 5


@pytest.fixture(autouse=True)
def databases_of_our_own(django_db_blocker):
    """Databases of their own beside the test run's, which these tests do not touch."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def file(tmp_path):
    make(tmp_path / "turns.sqlite3")
    return str(tmp_path / "turns.sqlite3")


@pytest.fixture
def writer(file):
    connection = connect(file)
    connection.inc_thread_sharing()
    yield connection
    connection.close()


def processes(number: int, engine: str, file: str) -> list[int]:
    """For each transaction of `number` parallel processes, how many others overtook it."""
    threads = str(THREADS // number)
    command = [sys.executable, "-m", "tests.sqlite.writers", engine, file, threads, str(SECONDS)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    return [found for process in running for found in json.loads(process.communicate()[0])]


def write(file: str, patience: float = 20) -> float:
    """Seconds until the write was committed."""
    connection, began = connect(file, patience=patience), time.monotonic()
    try:
        run(connection, ONE_MORE)
        return time.monotonic() - began
    finally:
        connection.close()


def can_write_soon(file: str) -> bool:
    """Whether another thread and another process can write soon."""
    with ThreadPoolExecutor(1) as pool:
        here = pool.submit(write, file).result()
    elsewhere = python("from tests.sqlite.test_turns import write", f"print(write({file!r}))")
    return max(here, float(elsewhere.communicate()[0])) < SOON


def python(*lines: str) -> subprocess.Popen:
    """A subprocess that does not share this one's queues."""
    code = "\n".join(["import django; django.setup()", *lines])
    return subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [1, 2])
def test_nobody_is_overtaken_by_more_than_all_the_others(file, number):
    found = processes(number, OURS, file)
    nearly_all = sorted(found)[int(len(found) * 0.95)]
    print(f"turns of {number} processes: {len(found)} transactions, {nearly_all} came between, at most {max(found)}")
    assert nearly_all < 2 * THREADS
    assert max(found) < OFTEN


def test_control_sqlites_own_waiting_lets_one_come_by_again_and_again(file):
    found = processes(1, DJANGOS, file)
    print(f"control: {len(found)} transactions, at most {max(found)} came between")
    assert max(found) >= OFTEN


def test_a_turn_lasts_until_the_outer_transaction_ends(file, writer):
    with Writing(writer):
        sid = writer.savepoint()
        run(writer, ONE_MORE)
        writer.savepoint_commit(sid)
        with pytest.raises(OperationalError):
            write(file, patience=0.1)
    assert can_write_soon(file)


def test_a_transaction_that_breaks_gives_its_turn_back(file, writer):
    with pytest.raises(ZeroDivisionError), Writing(writer):
        raise ZeroDivisionError
    assert can_write_soon(file)


def test_so_does_a_statement_that_is_refused(file, writer):
    run(writer, "CREATE UNIQUE INDEX once ON counter (written)")
    with pytest.raises(IntegrityError):
        run(writer, "INSERT INTO counter VALUES (0)")
    assert can_write_soon(file)


def test_and_a_connection_that_is_closed_within_a_transaction(file, writer):
    with pytest.raises(OperationalError), Writing(writer):
        writer.close()
        raise OperationalError
    assert can_write_soon(file)


def test_reading_waits_for_nobody(file, writer):
    with Writing(writer):
        run(writer, ONE_MORE)
        assert count(connect(file, patience=0)) == 0


def test_whose_time_is_up_is_told_that_the_database_is_busy(file, writer):
    with Writing(writer), pytest.raises(OperationalError) as told:
        write(file, patience=0.2)
    assert (outage_of(told.value), str(told.value)) == (BUSY, "database is locked")
    assert can_write_soon(file)


def test_those_who_gave_up_are_passed_over(file, writer):
    with ThreadPoolExecutor(2) as pool:
        with Writing(writer):
            gave_up, patient = pool.submit(write, file, 0.1), pool.submit(write, file)
            assert isinstance(gave_up.exception(), OperationalError)
        assert patient.result() < SOON


def test_a_killed_process_leaves_nobody_waiting(file):
    process = python(
        "import time; from tests.sqlite.writers import Writing, connect",
        f"with Writing(connect({file!r})): print('writing', flush=True); time.sleep(60)",
    )
    process.stdout.readline()
    threading.Timer(0.5, process.kill).start()
    assert 0.3 < write(file) < SOON
    assert can_write_soon(file)
    process.communicate()


def test_a_fork_inherits_no_turn_and_no_queue(file):
    process = python(
        "import os; from portal.sqlite.queue import queue_of",
        f"queue = queue_of({file!r}); turn = queue.turn(1)",
        "child = os.fork()",
        "if not child: os._exit(queue.turn(0.2) is not None)",  # its parent is still writing
        "assert os.waitpid(child, 0)[1] == 0",
        "turn.end()",
        "child = os.fork()",
        "if not child: os._exit(queue.turn(0.2) is None)",
        "assert os.waitpid(child, 0)[1] == 0",
    )
    process.communicate()
    assert process.returncode == 0


def test_a_turn_that_nobody_ended_holds_up_one_writer_once(file):
    queue_of(file).turn(1)
    assert 0.2 <= write(file, patience=0.2) < SOON
    # The lock between processes is still this process's own, and in its way of nobody here.
    assert write(file) < SOON


def test_without_a_place_for_the_queue_writing_goes_on(tmp_path):
    queue = Queue(str(tmp_path / "missing" / "queue"))
    turn = queue.turn(0.1)
    turn.end()
    assert queue.turn(0.1)


def test_a_database_in_memory_has_no_queue():
    connection = connect(":memory:")
    run(connection, "CREATE TABLE counter (written integer)")
    assert not os.path.exists(":memory:-queue")
