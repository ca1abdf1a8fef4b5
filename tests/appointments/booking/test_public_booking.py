"""A villager books in four steps, without an account and without JavaScript."""

import re

import pytest
from django.urls import reverse

from appointments.catalog import search
from appointments.models import Appointment, Place
from centers.models import FamilyLink, Resident
from tests import factories
from tests.appointments.villager import answers, book, key_in, queries_of, who_url
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_the_door_to_the_slip_is_links_and_one_form(client, center, item, slot):
    page = client.get(reverse("home"))
    for target in (
        reverse("centers"),
        reverse("center", args=[center.code]),
        reverse("book", args=[center.code]),
        reverse("book_time", args=[center.code, item.code]),
        who_url(slot, item),
    ):
        assert f'href="{target}' in page.content.decode()
        page = client.get(target)

    slip = client.post(who_url(slot, item), answers(key_in(page)), follow=True)

    assert "约好了" in slip.content.decode()


def test_the_slip_says_code_time_place_and_what_to_bring(client, item, slot):
    slip = client.get(book(client, slot, item)["Location"]).content.decode()

    code = Appointment.objects.get().code
    assert f"{code[:3]} {code[3:]}" in slip
    assert all(words in slip for words in ("上午9:00", "柳湾村党群服务中心", "身份证", "李*英", "137****1111"))


def test_days_and_times_say_how_much_is_left(client, center, item, slot):
    page = client.get(reverse("book_time", args=[center.code, item.code])).content.decode()

    assert "还剩2个" in page and "不能约" in page


def test_a_day_that_cannot_be_gives_the_first_free_one(client, center, item, slot):
    for day in ("2020-01-01", "x", "9999-12-31", "2026-13-45", ""):
        page = client.get(reverse("book_time", args=[center.code, item.code]), {"day": day})
        assert "上午" in page.content.decode()


def test_a_center_without_times_says_whom_to_call(client, center, item):
    page = client.get(reverse("book_time", args=[center.code, item.code])).content.decode()

    assert "最近没有能约的时间" in page and "tel:03995550101" in page


def test_the_same_form_sent_twice_books_once(client, item, slot):
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)))

    first, second = client.post(url, form), client.post(url, form)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_a_used_form_filled_in_for_somebody_else_gets_a_new_key_and_keeps_what_was_typed(client, item, slot):
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)))
    client.post(url, form)

    again = client.post(url, form | {"name": "赵大山"})

    assert "赵大山" in again.content.decode() and key_in(again) != form["key"]
    assert Appointment.objects.count() == 1


def test_two_people_may_share_a_phone(client, item, slot):
    book(client, slot, item)
    book(client, slot, item, name="赵大山")

    assert Resident.objects.filter(phone="13700001111").count() == 2


def test_booking_for_the_family_keeps_who_asked(client, item, slot):
    book(client, slot, item, who="family", name="王桂兰", phone="13900001234", contact_name="王建军", relation="child")

    appointment = Appointment.objects.get()
    assert (appointment.resident.name, appointment.contact_name, appointment.relation) == ("王桂兰", "王建军", "child")


def test_a_son_picks_his_mother_and_types_nothing(signed_in, son, resident, item, slot):
    book(signed_in(son), slot, item, who=f"r{resident.pk}", name="", phone="")

    appointment = Appointment.objects.get()
    assert appointment.resident == resident
    assert (appointment.contact_name, appointment.relation, appointment.phone) == ("王建军", "child", "13900001234")
    assert appointment.booked_by == son


def test_a_son_picking_his_mother_is_not_stopped_by_a_half_typed_name(signed_in, son, resident, item, slot):
    assert book(signed_in(son), slot, item, who=f"r{resident.pk}", name="x", phone="12").status_code == 302


def test_nobody_picks_a_person_who_is_not_family(signed_in, son, item, slot):
    stranger = factories.ResidentFactory(division=slot.center.division, name="陌生人")

    page = book(signed_in(son), slot, item, who=f"r{stranger.pk}")

    assert page.status_code == 200 and not Appointment.objects.exists()


def test_an_ended_family_link_is_not_offered(signed_in, son, resident, item, slot):
    FamilyLink.objects.update(ended_at=at(0, 0))

    assert "王桂兰" not in signed_in(son).get(who_url(slot, item)).content.decode()


def test_a_time_that_fills_up_keeps_the_form_and_offers_others_as_its_buttons(client, center, item, slot):
    next_door = factories.CenterFactory(division__code="990101100202")
    other_time = factories.SlotFactory(center=center, starts_at=at(3, 10))
    elsewhere = factories.SlotFactory(center=next_door, starts_at=slot.starts_at)
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)))
    fill(slot)

    page = client.post(url, form)

    assert page.status_code == 409
    html = page.content.decode()
    assert "李秀英" in html and "137 0000 1111" in html and key_in(page) == form["key"]
    assert f'formaction="{who_url(other_time, item)}"' in html
    assert f'formaction="{who_url(elsewhere, item)}"' in html
    assert client.post(who_url(other_time, item), form).status_code == 302


def test_a_party_larger_than_what_is_left_is_told_how_many_fit(client, item, slot):
    page = book(client, slot, item, party_size="3")

    assert page.status_code == 409 and "只剩2个位子" in page.content.decode()


def test_the_form_is_one_persons_and_survives_going_back(client, item, slot):
    kept = client.get(who_url(slot, item))["Cache-Control"]

    assert "private" in kept and "no-store" not in kept


def test_a_time_that_is_gone_says_so_before_anything_is_typed(client, center, item, slot):
    other_time = factories.SlotFactory(center=center, starts_at=at(3, 10))
    fill(slot)

    html = client.get(who_url(slot, item)).content.decode()

    assert "刚刚被约满了" in html and f'href="{who_url(other_time, item)}"' in html
    assert 'name="name"' not in html


@pytest.mark.parametrize("change", [{"starts_at": at(-1, 9), "ends_at": at(-1, 10)}, {"closed_at": at(0, 0)}])
def test_a_page_opened_yesterday_gives_a_sentence(client, item, slot, change):
    url = who_url(slot, item)
    form = answers(key_in(client.get(url)))
    type(slot).objects.filter(pk=slot.pk).update(**change)

    assert "请另选一个时间" in client.get(url).content.decode()
    refused = client.post(url, form)
    assert refused.status_code == 409 and "李秀英" in refused.content.decode()
    assert not Place.objects.exists()


def test_one_number_cannot_hoard(client, center, item):
    slots = [factories.SlotFactory(center=center, starts_at=at(1 + number, 9)) for number in range(12)]

    last = [
        book(client, slot, item, name=f"李秀{name}")
        for slot, name in zip(slots, "一二三四五六七八九十甲乙", strict=True)
    ][-1]

    assert last.status_code == 429 and "约得太多" in last.content.decode()
    assert Appointment.objects.count() == 10


def test_the_limits_can_be_switched_off_for_a_load_test(client, center, item, settings):
    settings.RATE_LIMITS = False
    slots = [factories.SlotFactory(center=center, starts_at=at(1 + number, 9)) for number in range(11)]

    assert {book(client, slot, item).status_code for slot in slots} == {302}


def test_the_booking_pages_ask_a_fixed_number_of_queries(client, center, item, slot):
    urls = [
        reverse("book", args=[center.code]),
        reverse("book_time", args=[center.code, item.code]),
        who_url(slot, item),
    ]
    before = [queries_of(client, url) for url in urls]
    for number in range(20):
        factories.ServiceItemFactory(division=item.division)
        other = factories.SlotFactory(center=center, starts_at=at(4 + number, 9))
        book(client, other, item, phone=f"137000020{number:02d}")

    assert [queries_of(client, url) for url in urls] == before


def fill(slot) -> None:
    type(slot).objects.filter(pk=slot.pk).update(online_taken=slot.online_places)


def test_step_one_finds_an_item_by_everyday_words(client, center, item):
    item.search_text = search.search_text(item)
    item.save()
    url = reverse("book", args=[center.code])

    assert "养老金认证" in client.get(url, {"q": "养老"}).content.decode()
    assert "没有找到" in client.get(url, {"q": "造飞船"}).content.decode()


def test_no_page_of_booking_needs_a_script(client, center, item, slot):
    for url in (
        reverse("book", args=[center.code]),
        reverse("book_time", args=[center.code, item.code]),
        who_url(slot, item),
    ):
        html = client.get(url).content.decode()
        assert len(re.findall(r"<script", html)) == 1 and "onclick" not in html
