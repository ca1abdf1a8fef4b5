"""A cadre books for somebody who calls: three screens, and a page to read out."""

import pytest
from django.urls import reverse

from appointments.catalog import search
from appointments.models import Appointment, Place
from centers.models import Resident
from portal.notifications.models import Message
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef" * 2
WHO = "/desk/book/"


@pytest.fixture
def client(signed_in, cadre):
    return signed_in(cadre)


def when(resident, item) -> str:
    return reverse("desk_book_time", args=[resident.pk, item.code])


def form(slot, /, **changed):
    return {"slot": slot.pk, "channel": "phone", "phone": "13800005678", "party_size": "1", "key": KEY} | changed


@pytest.mark.parametrize("words", ["王桂兰", "桂兰", "5678", "138 0000 5678", "１３８００００５６７８"])
def test_one_field_finds_the_caller(client, center, resident, words):
    factories.ResidentFactory(division=resident.division, name="赵铁柱", phone="13700001111")

    assert client.get(WHO, {"q": words}).context["found"] == [resident]


def test_people_of_other_villages_are_not_found(client, center, other_center):
    factories.ResidentFactory(division=other_center.division, name="王桂兰")

    assert client.get(WHO, {"q": "王桂兰"}).context["found"] == []


@pytest.mark.parametrize(("words", "field"), [("孙小美", "name"), ("13700001111", "phone")])
def test_what_was_searched_in_vain_is_filled_in(client, center, words, field):
    assert client.get(WHO, {"q": words}).context["form"].initial == {field: words}


def test_somebody_new_is_written_down(client, center):
    answer = client.post(WHO, {"name": "孙小美", "phone": "137 0000 1111", "villager_group": "三组"})

    written = Resident.objects.get(name="孙小美")
    assert (written.division, written.phone, written.villager_group) == (center.division, "13700001111", "三组")
    assert answer["Location"] == reverse("desk_book_item", args=[written.pk])


def test_a_wrong_number_is_refused_and_kept(client, center):
    page = client.post(WHO, {"name": "孙小美", "phone": "1234"}).content.decode()

    assert "孙小美" in page
    assert "号码好像不对" in page


def test_the_item_is_found_by_everyday_words(client, center, resident, item):
    item.search_text = search.search_text(item)
    item.save()
    page = client.get(reverse("desk_book_item", args=[resident.pk]), {"q": "养老金"}).content.decode()

    assert when(resident, item) in page


def test_booking_by_phone_holds_a_place_says_so_and_is_read_back(client, cadre, center, resident, item, slot):
    answer = client.post(when(resident, item), form(slot))

    made = Appointment.objects.get()
    assert (made.channel, made.booked_by, made.resident) == ("phone", cadre, resident)
    page = client.get(answer["Location"]).content.decode()
    assert made.code[:3] + " " + made.code[3:] in page
    assert "请带上身份证" in page
    assert reverse("booking_print", args=[made.link]) in page
    assert "短信（138****5678）" in page


def test_a_call_takes_the_public_places_first_and_the_desks_after(client, center, village, item, slot):
    for number in range(3):
        person = factories.ResidentFactory(division=village)
        client.post(when(person, item), form(slot, phone=person.phone, key=f"k{number}"))

    assert list(Place.objects.order_by("pk").values_list("pool", flat=True)) == ["online", "online", "desk"]


def test_a_full_time_is_refused_with_others_and_all_that_was_typed(client, center, resident, item, slot):
    slot.online_taken, slot.desk_taken = 2, 1
    slot.save()
    free = factories.SlotFactory(center=center, starts_at=at(4, 9))

    answer = client.post(when(resident, item), form(slot, contact_name="王建军", relation="child"))

    assert answer.status_code == 409
    assert "王建军" in answer.content.decode()
    assert f'value="{free.pk}"' in answer.content.decode()
    assert not Appointment.objects.exists()


def test_the_same_form_sent_twice_books_once(client, center, resident, item, slot):
    first = client.post(when(resident, item), form(slot))
    second = client.post(when(resident, item), form(slot))

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_a_form_used_for_somebody_else_gets_a_new_key(client, center, village, resident, item, slot):
    client.post(when(resident, item), form(slot))
    other = factories.ResidentFactory(division=village)

    answer = client.post(when(other, item), form(slot))

    assert answer.status_code == 409
    assert answer.context["form"]["key"].value() != KEY


def test_whoever_calls_for_somebody_else_is_written_down(client, center, resident, item, slot):
    client.post(when(resident, item), form(slot, contact_name="王建军", relation="child"))

    made = Appointment.objects.get()
    assert (made.contact_name, made.relation) == ("王建军", "child")


def test_a_relation_without_a_name_asks_for_the_name(client, center, resident, item, slot):
    page = client.post(when(resident, item), form(slot, relation="child")).content.decode()

    assert "替别人约的，请写上" in page
    assert not Appointment.objects.exists()


def test_a_time_that_has_just_begun_can_still_be_given(signed_in, cadre, center, resident, item, time_machine):
    slot = factories.SlotFactory(center=center, starts_at=at(0, 9))
    time_machine.move_to(at(0, 9, 10), tick=False)
    client = signed_in(cadre)  # only now: at night the session would have expired

    assert slot.pk in [int(time["url"]) for time in client.get(when(resident, item)).context["parts"][0][1]]


@pytest.mark.parametrize("chosen", ["", "x", "-1", "9" * 30, "0"])
def test_without_a_time_nothing_is_booked(client, center, resident, item, slot, chosen):
    assert client.post(when(resident, item), form(slot, slot=chosen)).status_code == 200
    assert not Appointment.objects.exists()


def test_another_centers_time_is_not_given(client, center, other_center, resident, item):
    foreign = factories.SlotFactory(center=other_center)

    assert client.post(when(resident, item), form(foreign)).status_code == 409
    assert not Appointment.objects.exists()


def test_people_of_other_villages_are_not_booked_for(client, center, other_center, item):
    stranger = factories.ResidentFactory(division=other_center.division)

    assert client.get(reverse("desk_book_item", args=[stranger.pk])).status_code == 404
    assert client.get(when(stranger, item)).status_code == 404


@pytest.mark.parametrize("who", ["officer", "villager"])
def test_who_does_not_work_at_a_desk_books_for_nobody(signed_in, request, who, center, resident, item, slot):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(WHO).status_code == 403
    assert client.post(when(resident, item), form(slot)).status_code == 403
    assert not Appointment.objects.exists()


def test_the_confirmation_is_stored_with_the_booking(client, center, resident, item, slot):
    client.post(when(resident, item), form(slot))

    assert Message.objects.filter(kind="confirmed", channel="sms", address="13800005678").exists()


def test_somebody_without_a_phone_gets_a_slip_instead_of_a_text(client, center, item, slot):
    client.post(WHO, {"name": "孙小美", "phone": "", "villager_group": "三组"})
    person = Resident.objects.get(name="孙小美")
    answer = client.post(when(person, item), form(slot, phone="", channel="desk"))

    assert "没有留电话，到时候没有短信或电话提醒您" in client.get(answer["Location"]).content.decode()
