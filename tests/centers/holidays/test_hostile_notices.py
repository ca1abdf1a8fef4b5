"""Whatever is sent in place of a notice gets a sentence, and the calendar stays as it is."""

import time

import pytest
from django.urls import reverse

from centers.holidays import wording
from centers.models import HolidayNotice
from tests.centers import sheets
from tests.centers.holidays.conftest import confirmation
from tests.centers.holidays.test_entering import all_known
from tests.centers.holidays.test_table_and_sheet import HEAD, by_sheet, uploaded  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_is_written(november):
    before = all_known()
    yield
    assert all_known() == before and not HolidayNotice.objects.exists()


@pytest.mark.parametrize(
    "year", ["0", "1", "1900", "2025", "2029", "9999", "-1", "9" * 400, "abc", "", "２０２７年", "\x00"]
)
def test_years_that_cannot_be_entered(shown, year):
    assert "哪一年的" in shown(year=year).content.decode()


@pytest.mark.parametrize("year", ["0", "9999", "9" * 400, "abc"])
def test_a_year_in_the_address_that_cannot_be_is_the_next_one(county_client, year):
    page = county_client.get(f"{reverse('holidays_new')}?year={year}")

    assert page.context["form"]["year"].value() == 2027


def test_a_text_that_is_too_long(shown):
    assert "写得太长了" in shown("元旦：1月1日放假。" * 1000).content.decode()


@pytest.mark.parametrize(
    "piece",
    ["1日(", "1月1日至", "(((", "一、", "元旦：", "放假", "1月1日、", "：" * 3, "\n", "1月1日（周一）至2日（周", "9"],
)
def test_no_text_takes_long_to_read(piece):
    text = (piece * 6000)[:6000]
    began = time.perf_counter()
    wording.read(text, 2027)

    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("way", ["", "csv", "text'", "\x00"])
def test_a_way_that_is_none(county_client, way):
    assert county_client.get(reverse("holidays_new"), {"way": way}).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"year": "9999"},
        {"way": "sheet"},
        {"way": "nothing"},
        {"text": "元旦：2月30日放假。"},
        {"text": ""},
        {"text": "x" * 7000},
        {"seen": "0" * 16},
        {"seen": ""},
        {"key": ""},
        {"year": "2028"},
    ],
)
def test_a_confirmation_that_was_tampered_with(shown, county_client, changed):
    answer = county_client.post(reverse("holidays_enter"), confirmation(shown()) | changed)

    assert answer.status_code in (302, 409)


@pytest.mark.parametrize("total", ["0", "-1", "99999999", "abc", ""])
def test_a_table_with_a_false_count_of_rows(county_client, total):
    sent = {"year": "2027", "rows-TOTAL_FORMS": total, "rows-INITIAL_FORMS": "0"}
    page = county_client.post(f"{reverse('holidays_new')}?way=table", sent)

    assert page.status_code == 200


def test_of_many_wrong_rows_the_first_are_told(by_sheet):  # noqa: F811
    page = by_sheet(uploaded(sheets.xlsx(HEAD, *[["元旦", "明天", "", "放假"]] * 2000))).content.decode()

    assert "第 21 行的日期看不懂" in page and "第 22 行的日期看不懂" not in page
    assert "另外还有1980处" in page


def test_a_form_without_a_file(county_client):
    page = county_client.post(f"{reverse('holidays_new')}?way=sheet", {"year": "2027"})

    assert "请填写表格文件" in page.content.decode()


@pytest.mark.parametrize("pk", [0, 2**62])
def test_a_notice_that_is_not_there(county_client, pk):
    assert county_client.get(reverse("holidays_notice", args=[pk])).status_code == 404
    assert county_client.post(reverse("holidays_undo", args=[pk]), {"seen": "x"}).status_code == 404
