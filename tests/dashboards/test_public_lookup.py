"""Looking a booking up by phone and code."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(resident, center):
    return factories.AppointmentFactory(resident=resident, center=center, code="482913")


@pytest.fixture
def look_up(client):
    return lambda phone, code: client.post(reverse("bookings"), {"phone": phone, "code": code})


@pytest.mark.parametrize("phone", ["13800005678", "138 0000 5678", "１３８００００５６７８", "+86 138-0000-5678"])
@pytest.mark.parametrize("code", ["482913", "482 913", "４８２９１３", " 482-913 "])
def test_phone_and_code_lead_to_the_slip(look_up, appointment, phone, code):
    assert look_up(phone, code)["Location"] == reverse("booking", args=[appointment.link])


def test_a_wrong_phone_and_a_wrong_code_are_answered_alike(look_up, appointment):
    wrong_phone, wrong_code = look_up("13700009999", "482913"), look_up("13800005678", "111111")

    assert wrong_phone.status_code == wrong_code.status_code == 404
    assert "没有找到" in wrong_phone.content.decode() and "没有找到" in wrong_code.content.decode()


def test_guessing_codes_of_one_number_is_stopped_plainly(look_up, appointment):
    answers = [look_up("13800005678", f"{100000 + number}") for number in range(11)]

    assert answers[9].status_code == 404 and answers[10].status_code == 429
    assert "找的次数太多" in answers[10].content.decode()


def test_one_address_cannot_go_through_all_numbers(look_up):
    answers = [look_up(f"138000100{number:02d}", "482913").status_code for number in range(31)]

    assert answers[-1] == 429


def test_finding_is_not_counted(look_up, appointment):
    assert {look_up("13800005678", "482913").status_code for _ in range(40)} == {302}
