"""Booked, Back, pressed again: 您已经约好了, with the slip. The desk sees what the person has before it books."""

import pytest
from django.urls import reverse

from appointments.booking import services as booking
from appointments.models import Appointment
from tests import factories
from tests.appointments import steps
from tests.appointments.villager import answers, book, key_in, who_url
from tests.appointments.waiting.line import fill, join
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

SAID = "您已经约好了，没有再约一次。"


def test_the_form_that_is_still_there_leads_to_the_slip_and_says_so(client, slot, item):
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)))
    client.post(url, form)
    slip = client.post(url, form, follow=True)
    assert SAID in slip.content.decode()
    assert slip.redirect_chain[-1][0] == reverse("booking", args=[Appointment.objects.get().link])


@pytest.mark.parametrize("places", [1, 5])
def test_so_does_a_form_that_was_loaded_anew_and_filled_in_alike(client, slot, item, places):
    """Also where it was the last place, so that the time is full now."""
    type(slot).objects.filter(pk=slot.pk).update(online_places=places)
    url = who_url(slot, item)
    key = key_in(client.get(url))
    book(client, slot, item)
    slip = client.post(url, answers(key), follow=True)
    assert SAID in slip.content.decode()
    assert Appointment.objects.count() == 1


def test_control_the_first_time_says_nothing_of_the_kind(client, slot, item):
    url = who_url(slot, item)
    slip = client.post(url, answers(key_in(client.get(url))), follow=True)
    assert SAID not in slip.content.decode()


@pytest.mark.parametrize("changed", [{"name": "王桂兰"}, {"phone": "13800005678"}])
def test_nobody_else_is_led_to_that_slip(client, slot, item, changed):
    book(client, slot, item)
    answer = book(client, slot, item, **changed)
    slip = reverse("booking", args=[Appointment.objects.earliest("pk").link])
    assert answer.get("Location") != slip and "李秀英" not in answer.content.decode()


def test_nor_is_another_browser(client, slot, item):
    book(client, slot, item)
    other = type(client)()
    answer = book(other, slot, item)
    assert answer.status_code == 409 and "Location" not in answer


def test_what_was_cancelled_in_between_is_not_called_booked(client, slot, item):
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)))
    client.post(url, form)
    booking.cancel(appointment=Appointment.objects.get(), by=None)
    assert SAID not in client.post(url, form, follow=True).content.decode()


@pytest.fixture
def desk(signed_in, cadre):
    return signed_in(cadre)


def test_the_desk_sees_what_the_person_has_before_it_books(desk, slot, item, resident):
    later = factories.SlotFactory(center=slot.center, starts_at=at(3, 10))
    fill(later, item)
    steps.book(slot, item, resident)
    join(later, item, resident)
    for name, args in (("desk_book_item", [resident.pk]), ("desk_book_time", [resident.pk, item.code])):
        page = desk.get(reverse(name, args=args)).content.decode()
        assert "已经约好的" in page and "在候补" in page, name


def test_control_of_somebody_else_it_sees_nothing(desk, slot, item, resident):
    steps.book(slot, item, resident)
    other = factories.ResidentFactory(division=slot.center.division)
    page = desk.get(reverse("desk_book_time", args=[other.pk, item.code])).content.decode()
    assert "已经约好的" not in page


def test_the_desk_that_presses_again_is_told(desk, slot, item, resident):
    url = reverse("desk_book_time", args=[resident.pk, item.code])
    form = {"key": "f" * 32, "slot": slot.pk, "channel": "phone", "phone": "13800005678"}
    desk.post(url, form)
    assert "已经约好了，没有再约一次。" in desk.post(url, form, follow=True).content.decode()
    assert Appointment.objects.count() == 1


OTHERWISE = "约好的和刚才填的不一样"
CHANGES = [{"party_size": "2"}, {"note": "要轮椅"}]


@pytest.mark.parametrize("changed", CHANGES)
@pytest.mark.parametrize("is_new_form", [False, True])
def test_what_was_changed_is_not_dropped_without_a_word(client, slot, item, changed, is_new_form):
    url = who_url(slot, item)
    keys = [key_in(client.get(url)) for _time in range(2)]
    client.post(url, answers(keys[0]))
    page = client.post(url, answers(keys[int(is_new_form)], **changed), follow=True).content.decode()
    assert SAID in page and OTHERWISE in page


def test_control_unchanged_nothing_is_said_to_differ(client, slot, item):
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)), party_size="2", note="要轮椅")
    client.post(url, form)
    assert OTHERWISE not in client.post(url, form, follow=True).content.decode()


@pytest.mark.parametrize(("changed", "is_said"), [({}, False), ({"party_size": "2"}, True), ({"note": "急"}, True)])
def test_nor_at_the_desk(desk, slot, item, resident, changed, is_said):
    url = reverse("desk_book_time", args=[resident.pk, item.code])
    form = {"key": "f" * 32, "slot": slot.pk, "channel": "phone", "phone": "13800005678"}
    desk.post(url, form)
    assert (OTHERWISE in desk.post(url, form | changed, follow=True).content.decode()) == is_said


@pytest.mark.parametrize("is_new_form", [False, True])
def test_another_spelling_is_the_same_person(client, slot, item, is_new_form):
    url = who_url(slot, item)
    keys = [key_in(client.get(url)) for _time in range(2)]
    client.post(url, answers(keys[0], name="O’Brien"))
    page = client.post(url, answers(keys[int(is_new_form)], name="O'Brien"), follow=True).content.decode()
    assert SAID in page and OTHERWISE not in page
