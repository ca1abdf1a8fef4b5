"""F8: clock skew of ten minutes, and a restart over midnight."""

import subprocess
import sys
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal.notifications import services
from portal.notifications.models import Message
from tests.faults.conftest import environment, wait_for
from tests.faults.planned import plan, states

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three_kinds(provider):
    """One due now, one in five minutes, and one that is due and expires within five minutes."""
    now = timezone.now()
    plan(1, kind="now")
    plan(1, kind="soon", due_at=now + timedelta(minutes=5))
    plan(1, kind="short", expires_at=now + timedelta(minutes=5))


def sent() -> set[str]:
    return set(Message.objects.filter(state="sent").values_list("kind", flat=True))


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_f8_a_wrong_clock_sends_nothing_early_and_skips_nothing(three_kinds, minutes):
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        services.dispatch()
    assert sent() == {"now", "short"}


@pytest.mark.parametrize("minutes", [-10, 10])
def test_f8_a_machine_with_a_wrong_clock_takes_nothing_from_one_that_is_sending(provider, minutes):
    plan(1)
    provider.answer = slow(provider.answer)
    sender = threading.Thread(target=send_and_close, args=(Message.objects.get().pk,))
    sender.start()
    provider_has_it.wait(10)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        services.dispatch()
    release.set()
    sender.join()
    assert (states(), len(provider.received)) == ({"sent": 1}, 1)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_f8_two_machines_whose_clocks_differ_send_each_once(provider, minutes):
    """The second one is a process of its own; both start on the same backlog at the same time."""
    plan(100)
    other = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", ON_A_WRONG_CLOCK, str(minutes)],
        env=environment(provider),
        cwd=settings.BASE_DIR,
    )
    wait_for(lambda: provider.received or other.poll() is not None)
    services.dispatch()
    assert other.wait(60) == 0
    services.dispatch()
    print(f"F8 clocks={minutes:+} min received={len(provider.received)} repeats={provider.repeats}")
    assert (states(), provider.repeats) == ({"sent": 100}, 0)


ON_A_WRONG_CLOCK = """
import sys
from datetime import datetime, timedelta

import django
import time_machine

django.setup()
from django.core.management import call_command

with time_machine.travel(datetime.now().astimezone() + timedelta(minutes=int(sys.argv[1]))):
    call_command("dispatch", "--once")
"""


def send_and_close(pk: int) -> None:
    services.send(pk)
    connection.close()


provider_has_it, release = threading.Event(), threading.Event()


def slow(answer):
    provider_has_it.clear()
    release.clear()

    def wait(message):
        provider_has_it.set()
        release.wait(10)
        return answer(message)

    return wait


def test_f8_a_restart_over_midnight_sends_each_once(provider):
    midnight = datetime(2026, 12, 4, tzinfo=ZoneInfo("Asia/Shanghai"))
    for position, seconds in enumerate(range(-20, 21, 5)):
        plan(1, kind=f"k{position}", due_at=midnight + timedelta(seconds=seconds))
    before = services.dispatch(at=midnight - timedelta(seconds=1))
    after = services.dispatch(at=midnight + timedelta(seconds=30))
    assert (before, after, provider.repeats) == (4, 5, 0)
