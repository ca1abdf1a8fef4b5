"""F7: two concurrent senders. F9: duplicate delivery of a task."""

import pytest

from portal.notifications.tasks import run_upkeep
from tests.faults.conftest import FULL, senders, wait_for
from tests.faults.planned import is_under_way, plan, states
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES = 1000 if FULL else 150


def test_f7_of_two_dispatchers_one_sends_each_message(provider):
    plan(MESSAGES)
    with senders(provider, 2):
        wait_for(lambda: not is_under_way(), seconds=120)
    print(f"F7 messages={MESSAGES} received={len(provider.received)}")
    assert (states(), len(provider.received), provider.repeats) == ({"sent": MESSAGES}, MESSAGES, 0)


def test_f7_control_without_a_lease_both_send(provider):
    plan(MESSAGES)
    with senders(provider, 2, "--no-lease"):
        wait_for(lambda: not is_under_way(), seconds=120)
    print(f"F7 control repeats={provider.repeats}")
    assert provider.repeats > 0


def test_f9_the_same_task_five_times_at_once_sends_once(provider):
    plan(20)
    together(run_upkeep, ["send-due-messages"] * 5)
    assert (states(), provider.repeats, len(provider.received)) == ({"sent": 20}, 0, 20)


def test_f9_and_five_times_one_after_another(provider):
    plan(1)
    for _ in range(5):
        run_upkeep("send-due-messages")
    assert len(provider.received) == 1
