"""An offer whose slot becomes unstaffed is revoked, does not count as unanswered, and the entry keeps its position."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Hold, SlotGap
from appointments.waiting import offers
from appointments.waiting import services as waiting
from portal.notifications.models import Message, State
from tests import factories
from tests.appointments.waiting.line import fill, is_offered, queue, refusal
from tests.said import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(slot, item):
    """The first of two entries has been offered a cancelled place."""
    bookings, line = fill(slot, item), queue(slot, item, 2)
    booking.cancel(appointment=bookings[0], by=None)
    offers.sweep()
    assert is_offered(line[0])
    return line


def goes_away(slot, item):
    return factories.SlotGapFactory(slot=slot, item_code=item.code)


def test_the_offer_ends_and_the_position_stays(offered, slot, item):
    goes_away(slot, item)
    offers.sweep()

    first = offered[0]
    first.refresh_from_db()
    assert (first.outcome, first.offered_at, first.is_open) == ("", None, True)
    assert first.offer_withdrawn_at is not None
    assert waiting.position(first) == 1
    assert not Hold.objects.filter(entry__isnull=False, ended_at__isnull=True).exists()


def test_also_when_its_time_is_up_it_is_not_unanswered(offered, slot, item):
    goes_away(slot, item)
    offers.sweep(timezone.now() + timedelta(hours=14))

    offered[0].refresh_from_db()
    assert offered[0].outcome == ""
    assert not Message.objects.filter(kind="wait_lapsed").exists()


def test_control_without_a_gap_it_is_unanswered(offered):
    offers.sweep(timezone.now() + timedelta(hours=14))

    offered[0].refresh_from_db()
    assert (offered[0].outcome, offered[0].offer_withdrawn_at) == ("lapsed", None)


def test_no_other_entry_is_offered_an_unstaffed_slot(offered, slot, item):
    goes_away(slot, item)
    offers.sweep()
    offers.sweep()

    assert not any(is_offered(entry) for entry in offered)
    assert Message.objects.filter(kind="wait_withdrawn", channel="sms").count() == 1


def test_they_are_told_why_in_one_piece(offered, slot, item):
    goes_away(slot, item)
    offers.sweep()

    said = words_of(kind="wait_withdrawn", channel="sms")
    assert "位子收回了，您仍排在原位" in said
    assert len(said) <= 70
    unsent = Message.objects.filter(kind="wait_offered").exclude(channel="inbox")
    assert not unsent.filter(state=State.PENDING).exists()


def test_the_page_says_it_and_offers_nothing(client, offered, slot, item):
    goes_away(slot, item)
    offers.sweep()

    page = client.get(reverse("waiting", args=[offered[0].link])).content.decode()
    assert "不算没有回话" in page
    assert "您排在第1位" in page
    assert 'value="accept"' not in page
    assert refusal(lambda: waiting.accept(entry=offered[0])) == "not_offered"


def test_when_the_handler_is_back_they_are_the_first_to_be_asked_again(offered, slot, item):
    goes_away(slot, item)
    offers.sweep()
    SlotGap.objects.all().delete()
    offers.sweep(timezone.now() + timedelta(minutes=10))

    assert is_offered(offered[0])
    assert not is_offered(offered[1])


def test_another_items_gap_withdraws_nothing(offered, slot):
    factories.SlotGapFactory(slot=slot, item_code="something-else")
    offers.sweep()

    assert is_offered(offered[0])
