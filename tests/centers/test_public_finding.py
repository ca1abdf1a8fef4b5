"""Home and search: finding a center, and its opening state."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from tests import factories
from tests.appointments.villager import queries_of

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def find(client):
    return lambda **asked: client.get(reverse("centers"), asked).content.decode()


@pytest.mark.parametrize(
    "words", ["柳湾", "柳湾村党群", "lwc", "LWC", "liuwan", "liu wan", "990101100201", "9901", "  柳湾 "]
)
def test_a_center_is_found_by_name_pinyin_initials_and_code(find, center, words):
    assert "柳湾村党群服务中心" in find(q=words)


def test_nothing_found_says_what_to_try(find, center):
    html = find(q="昆仑山")

    assert "没有找到“昆仑山”" in html and "请少写一两个字" in html


def test_centers_stand_under_their_townships(find, center, other_center):
    html = find()

    assert html.index("柳溪镇") < html.index("柳湾村党群") < html.index("石桥镇") < html.index("石桥村党群")


def test_long_lists_have_pages(find, county):
    for number in range(25):
        factories.CenterFactory(division__code=f"9901011003{number:02d}")

    assert "共2页" in find()


def test_home_knows_where_one_was_last_and_goes_on_to_booking(client, center):
    assert f'data-recent="{center.code}"' in client.get(reverse("center", args=[center.code])).content.decode()
    client.cookies["centers"] = center.code  # set by the script (tests/browser)

    html = client.get(reverse("home")).content.decode()

    assert "您看过的中心" in html and reverse("book", args=[center.code]) in html


def test_the_cookie_holds_codes_only_and_few(client, county, item):
    """Of a browser without script: it is set where a form is filled in."""
    for number in range(5):
        slot = factories.SlotFactory(center=factories.CenterFactory(division__code=f"9901011003{number:02d}"))
        client.get(reverse("book_who", args=[slot.center.code, item.code, slot.pk]))

    assert client.cookies["centers"].value == "990101100304.990101100303.990101100302"


def test_home_works_before_there_is_any_center(client, db):
    assert client.get(reverse("home")).status_code == 200


def test_home_and_search_ask_a_fixed_number_of_queries(client, center):
    client.cookies["centers"] = center.code
    urls = [reverse("home"), reverse("centers"), f"{reverse('centers')}?q=村"]
    factories.CenterFactory(division__code="990101100300")
    before = [queries_of(client, url) for url in urls]
    for number in range(1, 20):
        other = factories.CenterFactory(division__code=f"9901011003{number:02d}")
        factories.OpeningRuleFactory(center=other)

    assert [queries_of(client, url) for url in urls] == before


@pytest.fixture
def open_center(center):
    """Monday to Friday 8:30–11:30 and 14:00–17:30."""
    for opens, closes in ((time(8, 30), time(11, 30)), (time(14), time(17, 30))):
        factories.open_on(center, *range(5), opens=opens, closes=closes)
    return center


def door_at(client, center, *moment: int) -> str:
    with time_machine.travel(datetime(*moment, tzinfo=SHANGHAI), tick=False):
        factories.arrange(center)
        html = client.get(reverse("home")).content.decode()
    return strip_tags(html.split('door__hint">')[-1].split("<svg")[0]).strip()


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((2026, 12, 7, 9, 0), "现在开门 · 开到上午11:30，下午2:00再开"),
        ((2026, 12, 7, 15, 0), "现在开门 · 今天开到下午5:30"),
        ((2026, 12, 7, 12, 30), "现在休息 · 今天下午2:00开门"),
        ((2026, 12, 7, 20, 0), "现在休息 · 明天上午8:30开门"),
        ((2026, 12, 5, 10, 0), "现在休息 · 后天上午8:30开门"),
        ((2026, 12, 4, 18, 0), "现在休息 · 12月7日 周一上午8:30开门"),
    ],
)
def test_the_door_says_until_when_or_when_next(client, open_center, moment, words):
    assert door_at(client, open_center, *moment) == words


def test_a_closure_says_why(client, open_center):
    factories.ClosureNoticeFactory(
        center=open_center,
        approved=True,
        starts_at=datetime(2026, 12, 7, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 12, 8, tzinfo=SHANGHAI),
    )

    assert door_at(client, open_center, 2026, 12, 7, 9, 0) == "今天不开门（农忙） · 明天上午8:30开门"


def test_a_closure_not_yet_approved_changes_nothing(client, open_center):
    factories.ClosureNoticeFactory(
        center=open_center,
        starts_at=datetime(2026, 12, 7, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 12, 8, tzinfo=SHANGHAI),
    )

    assert door_at(client, open_center, 2026, 12, 7, 9, 0).startswith("现在开门")


def test_a_holiday_says_which(client, open_center):
    factories.CalendarDayFactory(date=datetime(2026, 12, 7).date(), kind="holiday", name="演示节")

    assert door_at(client, open_center, 2026, 12, 7, 9, 0) == "今天不开门（演示节） · 明天上午8:30开门"


def test_a_center_without_hours_says_to_call(client, center):
    assert door_at(client, center, 2026, 12, 7, 9, 0) == "现在休息 · 什么时候开门请打电话问"


@pytest.mark.parametrize("words", ["柳弯", "柳 湾", "柳溪镇"])
def test_a_village_is_found_by_its_sound_with_spaces_and_by_its_township(client, center, other_center, words):
    page = client.get(f"/centers/?q={words}").content.decode()

    assert center.name in page and other_center.name not in page
