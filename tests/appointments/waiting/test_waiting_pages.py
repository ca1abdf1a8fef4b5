"""The public pages of the waiting list: join, position, accept an offer, slip."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from appointments.booking import services as booking
from appointments.models import Appointment, Hold, Slot, WaitingEntry
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.villager import answers, key_in, queries_of
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(slot, item):
    """Both places of the online pool are occupied."""
    return [book(slot, item, factories.ResidentFactory(division=slot.center.division)) for _ in range(2)]


def wait_url(slot, item) -> str:
    return reverse("wait", args=[slot.center.code, item.code, slot.pk])


def join(client, slot, item, **changed):
    url = wait_url(slot, item)
    return client.post(url, answers(key_in(client.get(url)), **changed))


def test_from_a_full_time_to_the_slip(client, center, item, slot, full, django_capture_on_commit_callbacks):
    times = client.get(reverse("book_time", args=[center.code, item.code])).content.decode()
    assert f'href="{wait_url(slot, item)}"' in times and "约满了" in times

    page = client.get(join(client, slot, item)["Location"])
    assert "您排在第1位" in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        booking.cancel(appointment=full[0])
    url = page.request["PATH_INFO"]
    assert "轮到您了" in client.get(url).content.decode()
    assert taken(slot) == (2, 0)

    slip = client.post(url, {"answer": "accept"}, follow=True).content.decode()
    assert "约好了" in slip and re.search(r"李\*英", slip)
    assert taken(slot) == (2, 0) and not Hold.objects.filter(ended_at=None).exists()
    assert WaitingEntry.objects.get().appointment == Appointment.objects.get(resident__name="李秀英")


def test_a_day_on_which_everything_is_taken_can_be_looked_at(client, center, item, slot, full):
    factories.SlotFactory(center=center, starts_at=at(4, 9))
    here = reverse("book_time", args=[center.code, item.code])

    assert wait_url(slot, item) not in client.get(here).content.decode()  # the first day with room is shown
    assert wait_url(slot, item) in client.get(here, {"day": f"{at(3, 0):%Y-%m-%d}"}).content.decode()


def test_moving_shows_no_waiting_list(client, center, item, slot, full):
    factories.SlotFactory(center=center, starts_at=at(3, 10))

    assert "排候补" not in client.get(reverse("booking_move", args=[full[0].link])).content.decode()


def test_the_form_that_found_it_full_offers_the_list_and_keeps_what_was_typed(client, item, slot, full):
    url = reverse("book_who", args=[slot.center.code, item.code, slot.pk])
    Slot.objects.filter(pk=slot.pk).update(online_taken=1)
    form = answers(key_in(client.get(url)))
    Slot.objects.filter(pk=slot.pk).update(online_taken=2)

    page = client.post(url, form)
    assert page.status_code == 409 and f'formaction="{wait_url(slot, item)}"' in page.content.decode()
    assert client.post(wait_url(slot, item), form).status_code == 302


def test_a_time_seen_full_before_anything_is_typed_leads_to_the_list(client, item, slot, full):
    page = client.get(reverse("book_who", args=[slot.center.code, item.code, slot.pk])).content.decode()

    assert f'href="{wait_url(slot, item)}"' in page


def test_the_same_form_sent_twice_joins_once(client, item, slot, full):
    form = answers(key_in(client.get(wait_url(slot, item))))

    first, second = client.post(wait_url(slot, item), form), client.post(wait_url(slot, item), form)
    assert first["Location"] == second["Location"] and WaitingEntry.objects.count() == 1


def test_a_time_that_has_room_again_is_booked_and_not_waited_for(client, item, slot):
    page = client.post(wait_url(slot, item), answers("")).content.decode()

    assert "直接约就行" in page and reverse("book_who", args=[slot.center.code, item.code, slot.pk]) in page


@pytest.mark.parametrize("change", [{"online_taken": 1}, {"closed_at": at(0, 0)}, {"starts_at": at(-1, 9)}])
def test_an_old_link_to_the_list_says_how_it_is_before_anything_is_typed(client, item, slot, full, change):
    Slot.objects.filter(pk=slot.pk).update(**change)
    page = client.get(wait_url(slot, item)).content.decode()

    assert 'name="name"' not in page and ("有空位了" in page or "另选一个时间" in page)


def test_leaving_says_so_and_leaves_nothing_behind(client, item, slot, full):
    here = join(client, slot, item)["Location"]
    page = client.post(here, {"answer": "leave"}, follow=True).content.decode()

    assert "您不等了" in page and WaitingEntry.objects.get().outcome == "left"
    assert "您不等了" in client.post(here, {"answer": "leave"}, follow=True).content.decode()


def test_a_page_from_before_the_offer_ran_out_gets_a_sentence(client, item, slot, full):
    here = join(client, slot, item)["Location"]
    WaitingEntry.objects.update(offered_at=at(0, 0) - timedelta(days=1), offer_ends_at=at(0, 0))

    page = client.post(here, {"answer": "accept"})
    assert page.status_code == 409 and "让给下一位" in page.content.decode()


def test_phone_and_code_find_the_waiting_entry(client, item, slot, full):
    here = join(client, slot, item)["Location"]
    code = WaitingEntry.objects.get().code

    found = client.post(reverse("bookings"), {"phone": "13700001111", "code": code})
    assert found["Location"] == here
    wrong = client.post(reverse("bookings"), {"phone": "13700001112", "code": code})
    assert wrong.status_code == 404 and "没有找到" in wrong.content.decode()


def test_one_number_cannot_fill_the_lists(client, center, item, settings):
    settings.WAITING_LIMIT_PER_PERSON = 1
    slots = [factories.SlotFactory(center=center, starts_at=at(3 + n, 9), online_taken=2) for n in range(2)]
    join(client, slots[0], item)

    assert "最多候补1个时间" in join(client, slots[1], item).content.decode()


def test_a_son_sees_what_his_mother_waits_for_and_the_message_leads_there(signed_in, son, resident, item, slot, full):
    client = signed_in(son)
    join(client, slot, item, who=f"r{resident.pk}", name="", phone="")
    entry = WaitingEntry.objects.get()
    link = reverse("waiting", args=[entry.link])

    assert (entry.resident, entry.contact_name) == (resident, "王建军")
    assert link in client.get(reverse("me")).content.decode()
    assert link in client.get(reverse("inbox")).content.decode()


def test_the_slip_of_an_entry_hides_names_and_is_not_cached(client, item, slot, full):
    page = client.get(join(client, slot, item)["Location"])

    assert "李*英" in page.content.decode() and "李秀英" not in page.content.decode()
    assert "no-store" in page["Cache-Control"] and page["X-Robots-Tag"] == "noindex"


def test_the_pages_ask_a_fixed_number_of_queries(client, center, item, slot, full):
    join(client, slot, item)
    urls = [
        reverse("book_time", args=[center.code, item.code]),
        wait_url(slot, item),
        reverse("waiting", args=[WaitingEntry.objects.get().link]),
    ]
    before = [queries_of(client, url) for url in urls]
    for _person in range(20):
        factories.WaitingEntryFactory(slot=slot, item=item, resident__division=center.division)

    assert [queries_of(client, url) for url in urls] == before


def test_my_page_asks_a_fixed_number_of_queries(signed_in, villager, resident, center, item, slot):
    client = signed_in(villager)

    def grow(first: int, number: int) -> int:
        for day in range(first, first + number):
            full = factories.SlotFactory(center=center, starts_at=at(4 + day, 9), online_taken=2)
            factories.WaitingEntryFactory(slot=full, item=item, resident=resident)
        return queries_of(client, reverse("me"))

    assert grow(0, 20) == grow(20, 180)


def test_the_api_says_where_to_wait(client, item, slot, full):
    body = {"slot": slot.pk, "item": item.code, "name": "李秀英", "phone": "13700001111"}
    answer = client.post(
        "/api/v1/appointments", body, content_type="application/json", headers={"Idempotency-Key": uuid.uuid4().hex}
    )

    assert answer.status_code == 409
    assert answer.json()["waiting_list"].endswith(wait_url(slot, item))
