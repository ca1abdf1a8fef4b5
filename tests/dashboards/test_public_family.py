"""A signed-in villager sees their own and their family's bookings, and nobody else's."""

import pytest
from django.urls import reverse

from appointments.booking.messages import subject_of
from centers.people.messages import person_of
from portal.notifications.models import Channel
from tests import factories
from tests.appointments.villager import queries_of
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def mothers(resident, center, item):
    return factories.AppointmentFactory(resident=resident, center=center, item=item)


@pytest.mark.parametrize("name", ["me", "inbox"])
def test_a_stranger_is_sent_to_sign_in(client, name):
    assert client.get(reverse(name))["Location"].startswith("/accounts/login/")


def test_mother_and_son_see_her_booking(signed_in, villager, son, mothers):
    for user in (villager, son):
        assert reverse("booking", args=[mothers.link]) in signed_in(user).get(reverse("me")).content.decode()


def test_others_do_not_see_it(signed_in, cadre, mothers):
    assert mothers.link not in signed_in(cadre).get(reverse("me")).content.decode()


def test_what_is_over_stands_below_what_is_to_come(signed_in, villager, mothers):
    over = factories.AppointmentFactory(
        resident=mothers.resident, center=mothers.center, item=mothers.item, starts_at=at(-3, 9), served=True
    )

    html = signed_in(villager).get(reverse("me")).content.decode()

    assert html.index(mothers.link) < html.index("以前的") < html.index(over.link)


def test_an_empty_page_says_what_to_do(signed_in):
    html = signed_in(factories.UserFactory()).get(reverse("me")).content.decode()

    assert "现在没有约好的事" in html and "还没有登记家人" in html


def test_the_inbox_holds_what_was_said_to_the_family(signed_in, son, mothers):
    said(mothers, "已约好")

    html = signed_in(son).get(reverse("inbox")).content.decode()

    assert "已约好" in html and reverse("booking", args=[mothers.link]) in html


def test_the_inbox_holds_no_reminder_before_its_time_and_nothing_twice(signed_in, son, mothers):
    said(mothers, "还没到时候", due_at=at(2, 9))
    said(mothers, "短信里的", channel=Channel.SMS)

    html = signed_in(son).get(reverse("inbox")).content.decode()

    assert "还没到时候" not in html and "短信里的" not in html


def test_the_inbox_holds_nothing_said_to_others(signed_in, son):
    said(factories.AppointmentFactory(), "别人的消息")

    assert "别人的消息" not in signed_in(son).get(reverse("inbox")).content.decode()


def test_both_pages_ask_a_fixed_number_of_queries(signed_in, son, mothers):
    client, urls = signed_in(son), [reverse("me"), reverse("inbox")]
    said(mothers, "已约好")
    factories.AppointmentFactory(resident=mothers.resident, center=mothers.center, item=mothers.item, cancelled=True)
    before = [queries_of(client, url) for url in urls]
    for number in range(20):
        more = factories.AppointmentFactory(resident=mothers.resident, starts_at=at(number - 10, 9))
        said(more, "又一条")

    assert [queries_of(client, url) for url in urls] == before


def said(appointment, body, **changed):
    return factories.MessageFactory(
        **{
            "subject": subject_of(appointment),
            "person": person_of(appointment.resident),
            "channel": Channel.INBOX,
            "body": body,
            "due_at": at(-1, 9),
        }
        | changed
    )
