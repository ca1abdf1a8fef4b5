"""A search at the desk compares the digits that lists show, and of masked names what the mask shows."""

import pytest
from django.urls import reverse

from portal.ui.seen import shows_name, shows_number
from tests import factories
from tests.appointments.cases.carrying import open_case
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(center, item, resident):
    return factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 12))


def rows(client, typed: str, day: str = "") -> int:
    return len(client.get(reverse("desk"), {"q": typed, "day": day}).context["rows"])


def elsewhere(client, typed: str) -> int:
    return len(client.get(reverse("desk"), {"q": typed, "day": f"{at(5, 9):%Y-%m-%d}"}).context["elsewhere"])


@pytest.mark.parametrize("search", [rows, elsewhere])
def test_hidden_digits_make_no_difference(signed_in, cadre, booked, search):
    client = signed_in(cadre)

    assert {search(client, f"{digit}5678") for digit in range(10)} == {1}
    assert {search(client, f"138{digit}0005678") for digit in range(10)} == {1}
    assert [search(client, typed) for typed in ("5679", "13900005678")] == [0, 0]


@pytest.mark.parametrize("search", [rows, elsewhere])
def test_who_sees_masked_names_finds_them_by_the_mask(signed_in, officer, cadre, booked, search):
    assert [search(signed_in(officer), typed) for typed in ("王桂兰", "王秀兰", "王桂", "桂兰")] == [1, 1, 0, 0]
    assert [search(signed_in(cadre), typed) for typed in ("王桂兰", "王秀兰", "王桂", "桂兰")] == [1, 0, 1, 1]


def test_cases_are_searched_in_the_same_way(signed_in, officer, cadre, center, item, resident):
    open_case(center, item, resident, cadre)
    found = {
        who: [
            len(signed_in(who).get(reverse("desk_cases"), {"q": typed}).context["rows"])
            for typed in ("95678", "13890005678", "5679", "王秀兰", "王桂")
        ]
        for who in (officer, cadre)
    }

    assert found == {officer: [1, 1, 0, 1, 0], cadre: [1, 1, 0, 0, 1]}


def test_whoever_books_for_others_finds_them_by_the_same_digits(signed_in, cadre, center, resident):
    asked = [signed_in(cadre).get(reverse("desk_book"), {"q": typed}) for typed in ("95678", "13890005678", "5679")]

    assert [resident in answer.context["found"] for answer in asked] == [True, True, False]


@pytest.mark.parametrize("name", ["王兰", "王桂兰", "欧阳桂兰", "买买提·艾力"])
@pytest.mark.parametrize("typed", ["王", "王兰", "王某兰", "欧阳某兰", "欧兰", "买买提艾力", "兰", "桂兰", "'"])
def test_a_row_at_hand_is_compared_as_the_database_compares(village, name, typed):
    one = factories.ResidentFactory(division=village, name=name, phone="13800005678")

    assert shows_name(one.name_key, typed) == type(one).objects.filter(name_key__name_seen=typed).exists()


@pytest.mark.parametrize("phone", ["13800005678", "03995550000", ""])
@pytest.mark.parametrize("typed", ["8", "78", "5678", "0000", "95678", "13800005678", "13900005678", "0399-5550000"])
def test_a_number_at_hand_is_compared_as_the_database_compares(village, phone, typed):
    one = factories.ResidentFactory(division=village, phone=phone)

    assert shows_number(one.phone, typed) == type(one).objects.filter(phone__number_seen=typed).exists()
