"""`/metrics`: format and access."""

import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.utils import timezone

from appointments.slots.capacity import SlotFull
from portal import metrics
from tests import factories
from tests.appointments.steps import book

pytestmark = pytest.mark.django_db


def value(client, sample: str) -> float | None:
    """Of the sample whose name and labels (without pid) are these."""
    lines = re.sub(r',?pid="\d+"', "", client.get("/metrics").content.decode()).splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.rpartition(" ")[0] == sample), None)


def test_every_line_is_in_the_text_format(client, slot, item, resident):
    book(slot, item, resident)
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    sample = re.compile(r'[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)*\})? [0-9.e+-]+')
    lines = answer.content.decode().splitlines()
    assert [line for line in lines if not line.startswith("# ") and not sample.fullmatch(line)] == []


def test_requests_are_counted_by_view_and_status(client):
    sample = 'jiamenkou_requests_total{view="healthz",method="GET",status="200"}'
    before = value(client, sample) or 0
    client.get("/healthz")
    assert value(client, sample) == before + 1


def test_addresses_that_somebody_makes_up_are_one_view(client):
    for number in range(5):
        client.get(f"/made-up-{number}/")
    assert "made-up" not in client.get("/metrics").content.decode()


def test_a_method_that_somebody_makes_up_is_one_method(client):
    client.generic("X" * 50, "/healthz")
    assert "XXX" not in client.get("/metrics").content.decode()


def test_durations_are_a_histogram(client):
    client.get("/healthz")
    count = value(client, 'jiamenkou_request_seconds_count{view="healthz"}')
    assert value(client, 'jiamenkou_request_seconds_bucket{view="healthz",le="+Inf"}') == count


def test_bookings_are_counted_where_they_are_stored(client, slot, item, resident):
    book(slot, item, resident)
    assert value(client, 'jiamenkou_bookings_made_total{channel="online"}') == 1


def test_refusals_are_counted_by_their_code(client, slot, item, resident):
    sample = 'jiamenkou_bookings_refused_total{code="slot_full"}'
    before = value(client, sample) or 0
    with pytest.raises(SlotFull):
        book(slot, item, resident, party_size=9)
    assert value(client, sample) == before + 1


def test_messages_are_counted_by_state_and_channel(client):
    factories.MessageFactory(due_at=timezone.now() - timedelta(minutes=10))
    assert value(client, 'jiamenkou_messages{state="pending",channel="sms"}') == 1
    assert 600 <= value(client, "jiamenkou_oldest_due_message_seconds") < 660


def test_every_job_says_when_it_last_ended_well(client):
    factories.BeatFactory(at=timezone.now() - timedelta(seconds=40))
    assert value(client, 'jiamenkou_upkeep_age_seconds{job="send-due-messages"}') >= 40


def test_the_number_of_queries_is_fixed(client, slot, item, village, django_assert_max_num_queries):
    """Two of them look for reminders without a row."""
    with django_assert_max_num_queries(6):
        client.get("/metrics")
    for _ in range(2):
        book(slot, item, factories.ResidentFactory(division=village))
    with django_assert_max_num_queries(6):
        client.get("/metrics")


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("10.1.2.3", 200), ("192.0.2.1", 404)])
def test_only_addresses_on_the_list_may_read(client, settings, address, status):
    settings.METRICS_ALLOW = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_a_proxy_that_nobody_told_us_of_opens_nothing(client):
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


def test_behind_our_proxy_the_readers_own_address_counts(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 200


def test_a_label_cannot_break_out_of_its_quotes():
    assert (
        metrics.text([("x", "gauge", "X.", [({"a": '"} 1\n'}, 2)])]).splitlines()[-1] == r'jiamenkou_x{a="\"} 1\n"} 2'
    )
