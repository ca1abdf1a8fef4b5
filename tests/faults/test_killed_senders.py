"""F2: kill -9 of senders during sending. F11: a poison message that crashes its sender."""

import pytest

from portal.notifications.models import Message
from tests.faults.conftest import FULL, senders, wait_for
from tests.faults.planned import is_under_way, number_of, plan, states

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES, KILLS = (400, 20) if FULL else (60, 3)
LEASE = 2
# In each, the time between the lease and the provider's response is wide enough to be hit.
SLOW = ["--slow-connect", "0.05"]


def kill_over_and_over(running, provider) -> None:
    """Kill after so many more requests have reached the provider; then wait until the queue is empty."""
    for kill in range(1, KILLS + 1):
        reached = kill * MESSAGES // (KILLS + 2)
        wait_for(lambda reached=reached: len(provider.received) >= reached or not is_under_way())
        running.kill_newest()
    wait_for(lambda: not is_under_way(), seconds=120)


def test_f2_no_message_is_lost_and_a_kill_repeats_at_most_the_one_in_hand(provider):
    plan(MESSAGES)
    with senders(provider, 1, *SLOW) as running:
        kill_over_and_over(running, provider)
    print(f"F2 messages={MESSAGES} kills={KILLS} repeats={provider.repeats} {states()}")
    assert_each_phone_rang_once(provider)
    assert provider.repeats <= KILLS
    assert provider.longest_silence() <= LEASE + 10


def test_f2_in_a_rush_a_kill_repeats_at_most_what_its_threads_had_in_hand(provider):
    plan(MESSAGES)
    with senders(provider, 1, "--rush", *SLOW, MESSAGE_THREADS="4") as running:
        kill_over_and_over(running, provider)
    print(f"F2 rush messages={MESSAGES} kills={KILLS} repeats={provider.repeats} {states()}")
    assert_each_phone_rang_once(provider)
    assert provider.repeats <= KILLS * 4
    assert provider.longest_silence() <= LEASE + 10


def assert_each_phone_rang_once(provider) -> None:
    """At a provider that deduplicates by our id."""
    assert states() == {"sent": MESSAGES}
    assert sorted(provider.people) == [number_of(position) for position in range(MESSAGES)]


def test_f2_control_marking_before_sending_loses_messages(provider):
    plan(MESSAGES)
    with senders(provider, 1, "--mark-first", "--rush", *SLOW, MESSAGE_THREADS="4") as running:
        kill_over_and_over(running, provider)
    lost = MESSAGES - len(provider.people)
    print(f"F2 control messages={MESSAGES} kills={KILLS} lost={lost} {states()}")
    assert lost > 0


def test_f11_a_message_that_kills_its_sender_is_parked_and_the_others_flow(provider):
    plan(MESSAGES)
    options = ["--deadly", number_of(7), "--first-pause", "0.2"]
    with senders(provider, 1, *options, MESSAGE_LEASE_SECONDS="1"):
        wait_for(lambda: not is_under_way(), seconds=90)
    assert states() == {"sent": MESSAGES - 1, "parked": 1}
    assert Message.objects.get(state="parked").address == number_of(7)
