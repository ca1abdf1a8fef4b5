"""Bad input to the villager's forms and URLs gets a page or a message, never a 500."""

import pytest
from django.urls import reverse

from appointments.models import Appointment
from tests.appointments.villager import answers, who_url

pytestmark = pytest.mark.django_db

HOSTILE = {
    "controls": "a\x01\x08\x1bb",
    "nul": "王\x00桂兰",
    "right to left": "\u202eevil\u202c",
    "zero width": "\u200b\u200d\ufeff",
    "ten thousand": "长" * 10_000,
    "emoji": "👵🏽👨‍👩‍👧",
    "full width": "１３８００００５６７８",
    "markup": "<script>alert(1)</script>",
    "formula": "=cmd|'/c calc'!A1",
    "quotes": "'\"; DROP TABLE x; --",
    "blank": "   ",
    "number": "-1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("field", ["name", "phone", "contact_name", "relation", "party_size", "note", "who", "key"])
def test_every_field_of_the_booking_form_takes_anything(client, item, slot, field, text):
    form = answers("0" * 32, who="family", contact_name="王建军", relation="child")

    answer = client.post(who_url(slot, item), form | {field: text})

    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        slip = client.get(answer["Location"])
        assert slip.status_code == 200 and "<script>alert" not in slip.content.decode()


def test_an_empty_booking_form_is_answered_with_what_is_missing(client, item, slot):
    page = client.post(who_url(slot, item), {}).content.decode()

    assert "请填写姓名" in page and "请填写电话号码" in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("field", ["phone", "code"])
def test_every_field_of_the_look_up_takes_anything(client, field, text):
    form = {"phone": "13700001111", "code": "123456"}

    # Digits of full width are a number, of nobody.
    assert client.post(reverse("bookings"), form | {field: text}).status_code in (200, 404)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_search_takes_anything(client, center, text):
    for url in (reverse("centers"), reverse("book", args=[center.code])):
        assert client.get(url, {"q": text, "page": text}).status_code == 200


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_cookie_of_recent_centers_takes_anything(client, center, text):
    client.cookies["centers"] = text.encode("ascii", "replace").decode().replace("\x00", "").replace("\n", "")

    assert client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize(
    "code", ["-1", "0", "x", "999999999999", "000000000000", "９９０１０１１００２０１", "9" * 400, "%00"]
)
def test_an_unknown_center_is_not_found(client, center, code):
    for tail in ("", "book/", "book/yanglao-renzheng/"):
        assert client.get(f"/centers/{code}/{tail}").status_code == 404


@pytest.mark.parametrize("slot_id", ["-1", "0", str(2**63), str(2**63 - 1), "9" * 5000, "x", "%00"])
def test_an_unknown_time_is_not_found(client, center, item, slot_id):
    assert client.get(f"/centers/{center.code}/book/{item.code}/{slot_id}/").status_code == 404


def test_a_time_of_another_center_is_not_found(client, other_center, item, slot):
    assert client.get(reverse("book_who", args=[other_center.code, item.code, slot.pk])).status_code == 404


def test_an_item_that_is_not_done_here_is_not_found(client, center):
    assert client.get(reverse("book_time", args=[center.code, "no-such-item"])).status_code == 404


def test_a_center_that_does_not_serve_the_public_is_not_found(client, center):
    center.is_active = False
    center.save()

    assert client.get(reverse("center", args=[center.code])).status_code == 404


@pytest.mark.parametrize("link", ["x", "-1", "a" * 300, "%00", "..%2f.."])
@pytest.mark.parametrize("tail", ["", "print/", "calendar.ics", "move/", "cancel/"])
def test_an_unknown_booking_is_not_found(client, link, tail):
    assert client.get(f"/bookings/{link}/{tail}").status_code == 404
