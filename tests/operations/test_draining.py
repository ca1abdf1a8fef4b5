"""Graceful shutdown on SIGTERM: senders finish what is in progress within 30 s, lease no more, leave no message leased.

The web server's share is tests/faults/test_rolling_restart.py.
"""

import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings as django_settings

from portal.notifications import services
from portal.notifications.models import Message, State
from portal.notifications.services import sending
from tests.faults.conftest import FULL, provider, wait_for  # noqa: F401
from tests.faults.planned import plan, states
from tests.faults.provider import Answer
from tests.operations.processes import environment
from tests.servers import redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

MESSAGES, DRAIN = 60, 30


def ended_after(command: list[str], provider, **variables: str) -> tuple[int, float]:  # noqa: F811
    """Start it, wait until some messages are in hand, send SIGTERM; its exit code and how long it took."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", *command],
        env=environment(SMS_URL=provider.url, QUIET_HOURS="00:00-00:00", MESSAGE_THREADS="2", **variables),
        cwd=django_settings.BASE_DIR,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: len(provider.received) >= 3 or process.poll() is not None)
        process.terminate()
        told = time.monotonic()
        return process.wait(DRAIN), time.monotonic() - told
    finally:
        process.kill()
        process.wait(10)


def test_the_dispatcher_finishes_what_is_in_hand_and_leaves_the_rest(provider):  # noqa: F811
    provider.answer = lambda message: Answer(delay=1)
    plan(MESSAGES)
    code, seconds = ended_after(["manage.py", "dispatch"], provider)
    assert (code, seconds < 10) == (0, True)
    assert set(states()) == {State.SENT, State.PENDING}
    assert states()[State.SENT] == len(provider.received)


@pytest.mark.skipif(not FULL, reason="waits for a whole round of 15 s: FAULTS=full")
def test_a_worker_of_celery_ends_its_round_within_the_time_it_is_given(provider):  # noqa: F811
    provider.answer = lambda message: Answer(delay=1)
    plan(MESSAGES)
    worker = ["-m", "celery", "-A", "portal", "worker", "--concurrency=1", "--loglevel=error"]
    with redis() as url:
        threading.Timer(3, wake_up, [url]).start()
        code, seconds = ended_after(worker, provider, REDIS_URL=url)
    assert (code, seconds < DRAIN) == (0, True)
    assert State.SENDING not in states()
    assert states()[State.SENT] == len(provider.received)


def wake_up(url: str) -> None:
    """Retry: on a busy machine the wake-up may time out before Redis answers."""
    code = f"while not celery.wake({sending.SENDING_JOB!r}): time.sleep(1)"
    start = f"import time, django, portal.celery as celery; django.setup()\n{code}"
    subprocess.run(
        [sys.executable, "-c", start], env=environment(REDIS_URL=url), cwd=django_settings.BASE_DIR, check=True
    )


def test_a_round_that_was_cut_short_rings_for_the_next(provider, monkeypatch):  # noqa: F811
    woken = []
    monkeypatch.setattr(sending, "wake", woken.append)
    plan(MESSAGES)
    services.dispatch(seconds=0.1)
    assert woken == [sending.SENDING_JOB]
    assert Message.objects.filter(state=State.PENDING).exists()


def test_a_round_that_is_done_rings_for_nobody(provider, monkeypatch):  # noqa: F811
    woken = []
    monkeypatch.setattr(sending, "wake", woken.append)
    plan(3)
    services.dispatch()
    assert (woken, states()) == ([], {State.SENT: 3})
