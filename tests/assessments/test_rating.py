"""Rating a visit on the web, by link or by phone and code: once, and not from a staff device."""

import pytest
from django.urls import reverse

from appointments.invitation import rating_token
from assessments.models import Rating
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(center, item, resident):
    return factories.AppointmentFactory(
        center=center, item=item, resident=resident, starts_at=at(-1, 9), code="482913", served=True
    )


def address(appointment) -> str:
    return reverse("rate", args=[rating_token(appointment)])


def find(client, phone="13800005678", code="482913"):
    return client.post(reverse("rate_by_code"), {"phone": phone, "code": code})


def test_a_visit_is_rated_by_its_link_without_an_account(client, visit):
    answer = client.post(address(visit), {"level": "4", "comment": "很耐心"})

    assert answer["Location"] == reverse("rated")
    rating = Rating.objects.get(appointment=visit)
    assert (rating.level, rating.comment, rating.via) == (4, "很耐心", Rating.Via.LINK)


def test_thanks_are_said(client):
    assert "谢谢您" in client.get(reverse("rated")).content.decode()


def test_no_level_is_preset(client, visit):
    assert " checked" not in client.get(address(visit)).content.decode()


def test_without_a_level_nothing_is_stored_and_the_text_stays(client, visit):
    page = client.post(address(visit), {"comment": "等了很久"}).content.decode()

    assert "请从五个里选一个" in page
    assert "等了很久" in page
    assert not Rating.objects.exists()


@pytest.mark.parametrize("level", ["0", "6", "满意", "-1", "9" * 40])
def test_a_level_that_is_none_is_refused(client, visit, level):
    assert client.post(address(visit), {"level": level}).status_code == 200
    assert not Rating.objects.exists()


@pytest.mark.parametrize("comment", ["\x00坏", "\u202e反", "👍" * 300, "字" * 301])
def test_any_words_are_taken_or_refused_with_a_sentence(client, visit, comment):
    assert client.post(address(visit), {"level": "3", "comment": comment}).status_code in (200, 302)


def test_the_second_rating_is_refused(client, visit):
    client.post(address(visit), {"level": "1"})

    page = client.post(address(visit), {"level": "5"}).content.decode()

    assert "已经评价过" in page
    assert Rating.objects.get(appointment=visit).level == 1


def test_a_visit_that_did_not_take_place_yet_is_not_rated(client, center, item, resident):
    booked = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))

    assert "办完" in client.post(address(booked), {"level": "5"}).content.decode()
    assert not Rating.objects.exists()


def test_a_staff_device_is_barred(signed_in, cadre, visit):
    page = signed_in(cadre).post(address(visit), {"level": "5"}).content.decode()

    assert "工作人员账号" in page
    assert not Rating.objects.exists()


def test_a_villager_who_is_signed_in_rates(signed_in, villager, visit):
    signed_in(villager).post(address(visit), {"level": "5"})

    assert Rating.objects.get(appointment=visit).level == 5


@pytest.mark.parametrize("token", ["1", "1.forged", "x" * 300])
def test_a_link_that_we_did_not_sign_opens_nothing(client, visit, token):
    answer = client.get(reverse("rate", args=[token]))

    assert answer.status_code == 404
    assert reverse("rate_by_code") in answer.content.decode()


def test_phone_and_code_lead_to_the_same_form(client, visit):
    answer = find(client, code="482 913")
    client.post(answer["Location"], {"level": "2"})

    rating = Rating.objects.get(appointment=visit)
    assert (rating.level, rating.via) == (2, Rating.Via.CODE)


def test_a_wrong_code_and_an_unknown_phone_are_answered_alike(client, visit):
    wrong_code, unknown_phone = find(client, code="111111"), find(client, phone="13700000000")

    assert wrong_code.context["form"].errors == unknown_phone.context["form"].errors != {}


def test_guessing_codes_ends_soon(client, visit):
    for guess in range(10):
        find(client, code=f"{200_000 + guess}")

    assert "请过一个小时" in find(client).content.decode()


def test_the_page_names_nobody(client, visit):
    page = client.get(address(visit)).content.decode()

    assert "王桂兰" not in page
    assert visit.phone not in page
