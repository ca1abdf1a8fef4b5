"""GET /api/v1/centers, /centers/{code} and /centers/{code}/slots."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(slot):
    return f"{timezone.localtime(slot.starts_at):%Y-%m-%d}"


def ids(answer) -> list[int]:
    return [start["id"] for start in answer.json()]


# The list


@pytest.mark.parametrize("words", ["柳湾", "lwc", "liuwan", "9901011002", " 柳湾 "])
def test_a_center_is_found_by(api, center, other_center, words):
    found = api.get("centers", q=words).json()

    assert found == {
        "items": [
            {
                "code": "990101100201",
                "name": "柳湾村党群服务中心",
                "address": "柳湾村中街12号",
                "phone": "0399-5550101",
            }
        ],
        "count": 1,
    }


def test_centers_are_listed_within_a_division(api, center, other_center):
    found = api.get("centers", under="990101101000").json()

    assert [row["code"] for row in found["items"]] == [other_center.code]


def test_the_list_comes_in_pages(api, township):
    for number in range(25):
        factories.CenterFactory(division__code=f"990101100{300 + number}")

    sizes = [len(api.get("centers", page=page).json()["items"]) for page in (1, 2, 3)]

    assert sizes == [20, 5, 0]
    assert api.get("centers", page=3).json()["count"] == 25


def test_a_center_that_does_not_serve_the_public_is_not_found(api, center, item):
    center.is_active = False
    center.save()

    assert api.get("centers").json()["count"] == 0
    assert api.get(f"centers/{center.code}").status_code == 404


# One center


def test_a_center_tells_its_hours_and_what_it_does(api, center, item):
    factories.CalendarDayFactory(date=timezone.localdate() + timedelta(days=1))
    factories.open_on(center, *range(7))

    told = api.get(f"centers/{center.code}").json()

    tomorrow = timezone.localdate() + timedelta(days=1)
    assert told["services"] == [{"code": "yanglao-renzheng", "name": "养老金认证"}]
    assert told["phone"] == "0399-5550101"
    assert told["hours"][1] == {
        "date": f"{tomorrow}",
        "note": "",
        "openings": [{"starts_at": f"{tomorrow}T08:30:00+08:00", "ends_at": f"{tomorrow}T11:30:00+08:00"}],
    }


# Free times


def test_free_times_of_a_day(api, center, item, slot, resident, day):
    book(slot, item, resident)

    assert api.get(f"centers/{center.code}/slots", item=item.code, **{"from": day}).json() == [
        {"id": slot.pk, "starts_at": f"{day}T09:00:00+08:00", "ends_at": f"{day}T09:30:00+08:00", "free": 1}
    ]


def test_a_full_time_is_listed_as_full(api, center, item, slot, resident, day):
    book(slot, item, resident, party_size=2)

    assert [
        start["free"] for start in api.get(f"centers/{center.code}/slots", item=item.code, **{"from": day}).json()
    ] == [0]


def test_an_item_of_an_hour_begins_where_two_slots_follow(api, center, item, slot, day):
    item.minutes = 60
    item.save()
    factories.SlotFactory(center=center, starts_at=at(3, 9, 30))

    found = api.get(f"centers/{center.code}/slots", item=item.code, **{"from": day}).json()

    assert [(start["id"], start["ends_at"]) for start in found] == [(slot.pk, f"{day}T10:00:00+08:00")]


def test_the_centers_own_version_of_an_item_says_how_long_it_takes(api, center, item, slot, day):
    factories.SlotFactory(center=center, starts_at=at(3, 9, 30))
    factories.ServiceItemFactory(division=center.division, code=item.code, minutes=60)

    assert ids(api.get(f"centers/{center.code}/slots", item=item.code, **{"from": day})) == [slot.pk]


def test_several_days_are_asked_for_at_once(api, center, item, slot, day):
    later = factories.SlotFactory(center=center, starts_at=at(5, 9))

    asked = f"centers/{center.code}/slots"
    assert ids(api.get(asked, item=item.code, days=2, **{"from": day})) == [slot.pk]
    assert ids(api.get(asked, item=item.code, days=3, **{"from": day})) == [slot.pk, later.pk]


def test_past_and_closed_times_are_not_offered(api, center, item):
    factories.SlotFactory(center=center, starts_at=timezone.now() - timedelta(minutes=31))
    factories.SlotFactory(center=center, starts_at=at(1, 9), closed_at=timezone.now())

    today = timezone.localdate()
    assert api.get(f"centers/{center.code}/slots", item=item.code, days=31, **{"from": f"{today}"}).json() == []


@pytest.mark.parametrize("what", ["center", "item"])
def test_a_day_of_an_unknown_center_or_item_is_not_found(api, center, item, slot, day, what):
    code, wanted = ("990101100999", item.code) if what == "center" else (center.code, "wu")

    answer = api.get(f"centers/{code}/slots", item=wanted, **{"from": day})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 32}, "days"),
        ({"days": "两"}, "days"),
        ({"from": "明天"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"item": "a b"}, "item"),
        ({"item": "\0"}, "item"),
    ],
)
def test_what_cannot_be_is_named_in_chinese(api, center, item, wrong, field):
    asked = {"item": item.code, "from": "2026-12-01", **wrong}

    answer = api.get(f"centers/{center.code}/slots", **asked)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [field]
    assert not answer.json()["fields"][field].isascii()


# B4


@pytest.mark.parametrize("code", ["-1", "0", str(2**63), "abc", "990102000000", "99010110020１", "\0", "0" * 300])
@pytest.mark.parametrize("path", ["centers/{}", "centers/{}/slots?item=x&from=2026-12-01"])
def test_b4_an_id_that_cannot_be_is_not_found(api, code, path):
    answer = api.get(path.format(code))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Cost


def test_free_times_cost_one_query(api, center, item, slot, day, django_assert_num_queries):
    with django_assert_num_queries(1):
        api.get(f"centers/{center.code}/slots", item=item.code, **{"from": day})
    for hour in range(10, 17):
        factories.SlotFactory(center=center, starts_at=at(3, hour))
    with django_assert_num_queries(1):
        assert len(ids(api.get(f"centers/{center.code}/slots", item=item.code, **{"from": day}))) == 8


def test_a_page_of_centers_costs_two_queries(api, township, django_assert_num_queries):
    for number in range(20):
        factories.CenterFactory(division__code=f"990101100{300 + number}")

    with django_assert_num_queries(2):
        assert len(api.get("centers").json()["items"]) == 20
