"""Links in messages: GET, also by link previews, changes nothing; a POST answers, once."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client

from appointments.booking import answers, confirmation, messages
from appointments.booking import services as booking
from appointments.booking.displaced import known_open
from appointments.booking.subjects import SUBJECT
from appointments.models import Appointment, LinkUse
from appointments.waiting import messages as waiting_messages
from appointments.waiting.links import offer_link
from appointments.waiting.subjects import SUBJECT as WAITING
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.villager import queries_of
from tests.appointments.waiting.line import fill, is_offered, queue
from tests.factories.appointments import at
from tests.said import texts
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(slot, item, resident):
    return book(slot, item, resident)


def path(link: str) -> str:
    return link.removeprefix(django_settings.SHORT_URL)


def of_booking(appointment, tag: str = "b") -> str:
    return path(confirmation.answer_link(appointment, tag))


@pytest.fixture
def offer(slot, item, django_capture_on_commit_callbacks):
    """A waiting-list entry to which a place has just been offered."""
    booked = fill(slot, item)
    entry = queue(slot, item, 1)[0]
    with django_capture_on_commit_callbacks(execute=True):
        booking.cancel(appointment=booked[0])
    assert is_offered(entry)
    return entry


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("query", ["", "?answer=cancel", "?answer=come"])
def test_looking_changes_nothing(client, appointment, method, query):
    for _preview in range(3):
        assert getattr(client, method)(of_booking(appointment) + query).status_code == 200

    appointment.refresh_from_db()
    assert (appointment.confirmed_at, appointment.cancelled_at, LinkUse.objects.count()) == (None, None, 0)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_an_offer_changes_nothing(client, offer, method):
    assert getattr(client, method)(path(offer_link(offer)) + "?answer=accept").status_code == 200
    assert is_offered(offer)


def test_a_tap_says_that_they_come_without_a_cookie_or_a_script(appointment):
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post(of_booking(appointment), {"answer": "come"})

    appointment.refresh_from_db()
    assert appointment.confirmed_at and appointment.confirmed_by is None
    assert "记下您会来" in visitor.get(answer["Location"]).content.decode()


def test_a_tap_cancels_and_gives_the_place_back(client, slot, appointment):
    page = client.post(of_booking(appointment), {"answer": "cancel"}, follow=True)

    appointment.refresh_from_db()
    assert appointment.cancelled_by == "villager" and taken(slot) == (0, 0)
    assert "已经取消" in page.content.decode()


def test_a_link_works_once_and_then_says_what_was_done_with_it(client, appointment):
    client.post(of_booking(appointment), {"answer": "come"})
    page = client.post(of_booking(appointment), {"answer": "cancel"}, follow=True).content.decode()

    appointment.refresh_from_db()
    assert appointment.cancelled_at is None
    assert "记下您会来" in page and "这个链接用过了" in page and "来不了</button>" not in page


def test_each_message_has_a_link_of_its_own(client, appointment):
    """After confirming in the evening, somebody who falls ill can still cancel by the next reminder."""
    client.post(of_booking(appointment, "1"), {"answer": "come"})
    client.post(of_booking(appointment, "2"), {"answer": "cancel"})

    appointment.refresh_from_db()
    assert appointment.confirmed_at and appointment.cancelled_at


def test_after_moving_the_old_link_is_nobodys(client, center, appointment):
    old = of_booking(appointment)
    client.post(old, {"answer": "come"})
    moved = booking.move(appointment=appointment, slot=factories.SlotFactory(center=center, starts_at=at(4, 9)))

    assert moved.confirmed_at is None
    assert client.get(old).status_code == 404
    assert client.get(of_booking(moved)).status_code == 200


def test_a_link_dies_when_the_time_has_come(client, appointment, time_machine):
    time_machine.move_to(at(3, 9, 1), tick=False)
    page = client.post(of_booking(appointment), {"answer": "cancel"})

    appointment.refresh_from_db()
    assert appointment.cancelled_at is None and not LinkUse.objects.exists()
    assert "没办成" in page.content.decode()
    assert 'value="come"' not in client.get(of_booking(appointment)).content.decode()


def test_a_link_serves_one_purpose_and_one_booking(client, slot, item, appointment):
    other = book(slot, item, factories.ResidentFactory())
    token = of_booking(appointment).removeprefix("/c/")
    for forged in (
        f"/w/{token}",
        f"/c/{token[:-1]}{'1' if token[-1] != '1' else '2'}",
        f"/c/{token[:8]}{of_booking(other).removeprefix('/c/')[8:]}",
        f"/c/{token[:8]}1{token[9:]}",
        f"/c/{token.lower()}",
        "/c/x",
        "/c/22222222bzzzzzzzzzzzzz",
    ):
        if forged != f"/c/{token}":
            assert client.get(forged).status_code == 404, forged


def test_who_guesses_links_is_stopped(client, appointment, monkeypatch):
    monkeypatch.setattr("centers.people.rate_limits.LINKS_PER_ADDRESS", 3)
    codes = [client.get(f"/c/2222222{number}b1").status_code for number in range(2, 7)]

    assert codes == [404, 404, 404, 429, 429]


def test_who_guesses_links_keeps_nobody_behind_the_same_address_from_theirs(client, appointment, monkeypatch):
    monkeypatch.setattr("centers.people.rate_limits.LINKS_PER_ADDRESS", 3)
    assert [client.get(f"/c/2222222{number}b1").status_code for number in range(2, 7)][-1] == 429

    assert client.get(of_booking(appointment)).status_code == 200


def test_taps_on_real_links_are_not_counted(client, appointment, monkeypatch):
    monkeypatch.setattr("centers.people.rate_limits.LINKS_PER_ADDRESS", 3)
    assert {client.get(of_booking(appointment)).status_code for _look in range(6)} == {200}


def test_nobody_keeps_the_page_of_a_link(client, appointment):
    page = client.get(of_booking(appointment))

    assert "no-store" in page["Cache-Control"] and page["X-Robots-Tag"] == "noindex"
    assert "王桂兰" not in page.content.decode() and "13800005678" not in page.content.decode()


def test_an_offer_is_accepted_by_one_tap_and_shows_the_code(offer):
    visitor = Client(enforce_csrf_checks=True)
    here = path(offer_link(offer))
    page = visitor.post(here, {"answer": "accept"}, follow=True).content.decode()

    code = Appointment.objects.get(resident=offer.resident).code
    assert "约上了" in page and f"{code[:3]} {code[3:]}" in page
    assert visitor.post(here, {"answer": "decline"}).status_code == 409


def test_an_offer_is_declined_by_one_tap(client, offer):
    page = client.post(path(offer_link(offer)), {"answer": "decline"}, follow=True).content.decode()

    offer.refresh_from_db()
    assert offer.outcome == "declined" and "不要了" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_one_link_tapped_eight_times_at_once_counts_once(slot, appointment):
    asked = confirmation.to_answer(of_booking(appointment).removeprefix("/c/"))
    given = [LinkUse.Answer.CANCELLED, LinkUse.Answer.CONFIRMED] * 4
    uses = together(lambda one: answers.record(answerable=asked, answer=one), given)

    assert {use.pk for use in uses} == {LinkUse.objects.get().pk}
    appointment.refresh_from_db()
    assert bool(appointment.cancelled_at) != bool(appointment.confirmed_at)
    taken(slot)


def test_what_the_desk_noted_stands_beside_the_link(appointment, cadre):
    confirmation.confirm(appointment=appointment, by=cadre)
    again = confirmation.confirm(appointment=appointment)

    assert again.confirmed_by == cadre


def test_texts_carry_a_link_only_where_it_can_be_tapped(center, slot, item, resident):
    landline = factories.ResidentFactory(division=resident.division, phone="03995550303")
    mobile, rings = book(slot, item, resident), book(slot, item, landline)

    def said(appointment, channel) -> list[str]:
        planned = [messages.after_booking(appointment, appointment.booked_at)]
        planned += [messages.reminder(appointment, number, at(2, 9)) for number in (1, 2)]
        told = [texts(one, SUBJECT, appointment) for one in planned]
        return [by_channel[channel] for by_channel in told if channel in by_channel]

    sms = said(mobile, "sms")
    assert len(sms) == 3 and all("/c/" in body for body in sms)
    assert len({body.rpartition("/")[2] for body in sms}) == 3
    assert said(rings, "voice") and not any("http" in body for body in said(rings, "voice"))
    assert not any("http" in body for body in said(mobile, "inbox"))


@pytest.mark.parametrize("site", ["http://localhost:8000", "https://jmk.qinghe.cn"])
def test_every_text_goes_in_one_piece(site, center, item, resident, settings):
    settings.SHORT_URL = site
    late = at(30, 10, 30)
    appointment = factories.AppointmentFactory.build(
        pk=1_500_000, center=center, item=item, resident=resident, starts_at=late
    )
    known_open(appointment)  # it is not stored
    now = late - timedelta(days=5)
    written = [
        texts(planned, SUBJECT, appointment)
        for planned in (
            messages.after_booking(appointment, now),
            messages.after_moving(appointment, now),
            messages.reminder(appointment, 1, now),
            messages.after_leave(appointment, now, "欧阳晓敏", now),
        )
    ]
    appointment.cancelled_at, appointment.cancelled_by = now, "center"
    appointment.cancel_reason = "中心大厅换屋顶，那几天都不开门，请您谅解"
    written.append(texts(messages.after_cancelling(appointment, now), SUBJECT, appointment))

    assert len(written) == 5
    assert [said["sms"] for said in written if len(said["sms"]) > 70] == []


@pytest.mark.parametrize(
    ("plan", "state"),
    [
        (waiting_messages.after_joining, {"position": 12}),
        (waiting_messages.after_offering, {"offered_at": at(25, 9), "offer_ends_at": at(29, 10)}),
        (waiting_messages.after_lapse, {"ended_at": at(25, 9), "outcome": "lapsed"}),
        (waiting_messages.after_revoking, {}),
        (waiting_messages.after_waiting_in_vain, {"ended_at": at(25, 9), "outcome": "over"}),
        (waiting_messages.after_closing, {"ended_at": at(25, 9), "outcome": "closed"}),
    ],
)
def test_so_does_every_text_about_waiting(center, item, resident, plan, state):
    slot = factories.SlotFactory.build(center=center, starts_at=at(30, 10, 30))
    entry = factories.WaitingEntryFactory.build(pk=1_500_000, slot=slot, item=item, resident=resident)
    for name, value in state.items():
        setattr(entry, name, value)

    assert len(texts(plan(entry, at(25, 9)), WAITING, entry, at(25, 9))["sms"]) <= 70


def test_the_page_of_a_link_costs_a_fixed_number_of_queries(client, appointment, slot, item):
    client.get(of_booking(appointment))  # the first request creates the row of the rate limit
    before = queries_of(client, of_booking(appointment))
    for _number in range(20):
        factories.LinkUseFactory(appointment=factories.AppointmentFactory(center=slot.center, item=item))

    assert queries_of(client, of_booking(appointment)) == before
