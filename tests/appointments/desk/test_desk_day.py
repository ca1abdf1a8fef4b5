"""The day's list: who may see it, whom it shows, and its search."""

import pytest
from django.urls import reverse

from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
DESK = "/desk/"


@pytest.fixture
def today(center, item, resident):
    return factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9), code="482913")


def text_of(response) -> str:
    return response.content.decode()


def test_a_cadre_sees_the_day_of_their_own_center(signed_in, cadre, today):
    page = text_of(signed_in(cadre).get(DESK))

    assert "王桂兰" in page
    assert "482 913" in page


def test_an_officer_looks_on_without_names_in_full_and_without_marks(signed_in, officer, today):
    page = text_of(signed_in(officer).get(DESK))

    assert "王*兰" in page
    assert "王桂兰" not in page
    assert reverse("desk_mark", args=[today.pk, "arrive"]) not in page


def test_another_townships_center_is_not_there(signed_in, cadre, stranger, today, other_center):
    assert signed_in(cadre).get(DESK, {"center": other_center.code}).status_code == 404
    assert signed_in(stranger).get(DESK, {"center": today.center.code}).status_code == 404
    assert "王" not in text_of(signed_in(stranger).get(DESK))


@pytest.mark.parametrize("asked", ["x", "99010110020", "9" * 400, "\x00", "990101100299"])
def test_a_center_that_is_none_is_not_found(signed_in, cadre, center, asked):
    assert signed_in(cadre).get(DESK, {"center": asked}).status_code == 404


def test_a_villager_has_no_desk(signed_in, villager, center):
    assert signed_in(villager).get(DESK).status_code == 403


def test_anonymous_people_are_sent_to_sign_in(client, center):
    assert client.get(DESK)["Location"].startswith(reverse("account_login"))


def test_an_empty_day_says_what_to_do(signed_in, cadre, center):
    assert "这一天还没有预约" in text_of(signed_in(cadre).get(DESK))


@pytest.mark.parametrize("day", ["2026-02-30", "heute", "0001-01-01", "99999-01-01"])
def test_a_day_that_is_none_is_today(signed_in, cadre, today, day):
    assert "王桂兰" in text_of(signed_in(cadre).get(DESK, {"day": day}))


def test_another_day_has_its_own_list(signed_in, cadre, today):
    tomorrow = at(1, 9).date().isoformat()

    assert "王桂兰" not in text_of(signed_in(cadre).get(DESK, {"day": tomorrow}))


@pytest.mark.parametrize("words", ["482913", "482 913", "４８２９１３", "4829", "5678", "桂兰"])
def test_one_field_finds_a_person_and_puts_them_at_the_desk(signed_in, cadre, today, words):
    factories.AppointmentFactory(
        center=today.center, item=today.item, resident__name="赵铁柱", starts_at=at(0, 8), code="111222"
    )

    response = signed_in(cadre).get(DESK, {"q": words})

    assert response.context["person"].appointment == today
    assert "赵铁柱" not in [row.resident.name for row in response.context["rows"]]


def test_whoever_comes_on_the_wrong_day_is_found_too(signed_in, cadre, center, item, resident):
    later = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(2, 9), code="482913")

    response = signed_in(cadre).get(DESK, {"q": "482913"})

    assert response.context["elsewhere"] == [later]


def test_a_number_shows_only_those_it_counts(signed_in, cadre, today):
    done = factories.AppointmentFactory(
        center=today.center, item=today.item, resident__name="赵铁柱", starts_at=at(0, 8), served=True
    )

    response = signed_in(cadre).get(DESK, {"show": "served"})

    assert [row.appointment for row in response.context["rows"]] == [done]


def test_a_cancelled_one_is_counted_but_not_in_the_list(signed_in, cadre, center, item, resident):
    factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9), cancelled=True)

    response = signed_in(cadre).get(DESK)

    assert response.context["rows"] == []
    assert {count["state"]: count["number"] for count in response.context["counts"]}["cancelled"] == 1


def many(center, item, number, **state):
    made = [{"center": center, "item": item, "starts_at": at(0, 9), **state} for _number in range(number)]
    return [factories.AppointmentFactory(**one) for one in made]


def folds_of(response):
    return [(stretch.title, len(stretch.lines)) for stretch in response.context["stretches"]]


def test_a_short_day_is_one_list_in_order_of_time(signed_in, cadre, center, item):
    many(center, item, 6, served=True)
    many(center, item, 6)

    assert folds_of(signed_in(cadre).get(DESK)) == [("", 12)]


def test_a_long_day_begins_with_whose_turn_it_is(signed_in, cadre, center, item):
    many(center, item, 9, served=True)
    many(center, item, 14)
    here = factories.AppointmentFactory(center=center, item=item, starts_at=at(0, 23), arrived_at=at(0, 0))

    response = signed_in(cadre).get(DESK)

    assert folds_of(response) == [("", 12), ("往后的，3位", 3), ("办完的、没来的，9位", 9)]
    assert response.context["stretches"][0].lines[0]["key"] == f"a{here.pk}"


def test_what_is_folded_can_be_marked_all_the_same(signed_in, cadre, center, item):
    done = many(center, item, 13, served=True)

    page = text_of(signed_in(cadre).get(DESK))

    assert page.count('class="fold"') == 1
    assert all(reverse("desk_mark", args=[one.pk, "undo"]) in page for one in done)


def test_what_was_asked_for_is_not_folded(signed_in, cadre, center, item):
    many(center, item, 13)

    assert folds_of(signed_in(cadre).get(DESK, {"show": "booked"})) == [("", 13)]


def test_another_day_is_not_folded(signed_in, cadre, center, item):
    many(center, item, 13, starts_at=at(1, 9))

    assert folds_of(signed_in(cadre).get(DESK, {"day": at(1, 9).date().isoformat()})) == [("", 13)]


def test_the_answer_to_a_question_stands_above_the_person_at_the_desk(signed_in, cadre, today):
    client = signed_in(cadre)

    page, asked = text_of(client.get(DESK)), text_of(client.get(DESK, {"show": "booked"}))

    assert page.index('id="person"') < page.index('id="list-title"')
    assert asked.index('id="person"') > asked.index('id="list-title"')


def test_names_are_shown_and_never_run(signed_in, cadre, center, item, village):
    someone = factories.ResidentFactory(division=village, name="<b onclick=x>王")
    factories.AppointmentFactory(center=center, item=item, resident=someone, starts_at=at(0, 9))

    assert "<b onclick" not in text_of(signed_in(cadre).get(DESK))


def test_the_list_costs_the_same_whatever_its_length(
    signed_in, cadre, center, item, village, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(cadre)
    book_many(center, item, village, 1)
    with django_assert_max_num_queries(16) as counted:
        client.get(DESK)

    book_many(center, item, village, 19)
    with django_assert_num_queries(len(counted)):
        client.get(DESK)

    book_many(center, item, village, 180)
    with django_assert_num_queries(len(counted)):
        assert len(client.get(DESK).context["rows"]) == 200


def book_many(center, item, village, number):
    people = factories.ResidentFactory.create_batch(number, division=village)
    for person in people:
        factories.AppointmentFactory(center=center, item=item, resident=person, starts_at=at(0, 9))


def test_the_printed_list_has_boxes_to_tick(signed_in, cadre, today):
    page = text_of(signed_in(cadre).get(reverse("desk_print")))

    assert "王桂兰" in page and "482 913" in page and "上午9:00" in page
    assert today.phone not in page


def test_the_list_for_the_wall_gives_nobody_away(signed_in, cadre, today):
    page = text_of(signed_in(cadre).get(reverse("desk_print"), {"wall": "1"}))

    assert "王*兰" in page
    assert "王桂兰" not in page
    assert "养老金认证" not in page
