"""A notice that is typed in is shown day by day, and on confirmation the calendar is as it says."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from centers.calendars import Day
from centers.days import keeping
from centers.models import CalendarDay, HolidayNotice
from centers.services import calendar
from tests import factories
from tests.centers.holidays.conftest import confirmation
from tests.centers.holidays.notices import OF_2027
from tests.factories.appointments import at

QUERIES = 12
followed: list[tuple[date, date]] = []


@pytest.fixture
def followers(monkeypatch):
    """First and last of the days that are marked as stale, by each change."""
    followed.clear()
    monkeypatch.setattr(keeping, "mark_stale", lambda days: followed.append((min(days), max(days))))
    return followed


def known(day: date) -> tuple[str, str, bool]:
    return CalendarDay.objects.get(date=day).known


def all_known() -> dict[date, tuple]:
    return {day.date: day.known for day in CalendarDay.objects.all()}


def test_the_days_are_shown_before_anything_is_written(shown):
    before = all_known()
    page = shown().content.decode()

    assert "1月31日 周日" in page and "调休上班 春节" in " ".join(page.split())
    assert page.count("1月2日 周六") == 1
    assert all_known() == before


def test_days_off_make_up_workdays_and_all_others_become_known(entered):
    entered()

    assert known(date(2027, 2, 9)) == ("holiday", "春节", False)
    assert known(date(2027, 1, 31)) == ("make_up", "春节", False)
    assert known(date(2027, 3, 1)) == ("workday", "", False)
    assert not CalendarDay.objects.filter(date__year=2027, is_pending=True).exists()
    assert CalendarDay.objects.filter(date__year=2028, is_pending=True).exists()


def test_it_is_on_record_who_typed_what(entered, county_official):
    entered()
    notice = HolidayNotice.objects.get()

    assert (notice.entered_by, notice.text, notice.way) == (county_official, OF_2027, "text")
    assert notice.days[date(2027, 2, 9)] == (("workday", "", True), ("holiday", "春节", False))
    assert LogEntry.objects.get_for_object(notice).get().actor == county_official


def test_those_who_follow_the_calendar_are_told_once_it_is_written(entered, followers):
    entered()

    assert followers == [(date(2027, 1, 1), date(2027, 12, 31))]


def test_the_warnings_end(client, entered, time_machine):
    entered()
    time_machine.move_to(date(2026, 12, 1))

    assert client.get("/readyz").json()["calendar"]["status"] == "ok"


def test_what_the_library_says_later_does_not_overwrite_it(entered, monkeypatch):
    entered()
    before = all_known()
    monkeypatch.setattr(calendar, "national_day", lambda day: ("weekend", "", False))
    calendar.fill(date(2027, 1, 1), date(2027, 12, 31))

    assert {day: known for day, known in all_known().items() if day.year == 2027} == {
        day: known for day, known in before.items() if day.year == 2027
    }


def test_sending_it_twice_enters_it_once(shown, county_client):
    sent = confirmation(shown())
    answers = [county_client.post(reverse("holidays_enter"), sent) for _time in range(2)]

    assert answers[0].url == answers[1].url
    assert HolidayNotice.objects.count() == 1


def test_a_calendar_that_was_changed_meanwhile_is_shown_anew(shown, county_client):
    sent = confirmation(shown())
    CalendarDay.objects.filter(date="2027-06-01").update(kind="holiday", name="村庆", is_pending=False)
    before = all_known()
    answer = county_client.post(reverse("holidays_enter"), sent)

    assert answer.status_code == 409 and "刚刚被改过了" in answer.content.decode()
    assert all_known() == before
    assert county_client.post(reverse("holidays_enter"), confirmation(answer)).status_code == 302
    assert known(date(2027, 6, 1)) == ("holiday", "村庆", False)


def test_what_is_to_be_looked_at_is_ticked_before_it_is_saved(entered):
    without_national_day = OF_2027[: OF_2027.index("七、")]
    answer = entered(without_national_day, is_checked="")

    assert answer.status_code == 200 and "没有写国庆节怎么放" in answer.content.decode()
    assert not HolidayNotice.objects.exists()
    assert entered(without_national_day).status_code == 302


def test_a_festival_that_it_does_not_name_stays_a_holiday_by_law(entered):
    entered(OF_2027[: OF_2027.index("七、")])

    assert known(date(2027, 10, 1)) == ("holiday", "国庆节", False)
    assert known(date(2027, 10, 4)) == ("workday", "", False)


def test_a_statutory_day_that_it_works_is_pointed_out(shown):
    page = shown("国庆节：10月2日至8日放假。").content.decode()

    assert "10月1日 周五是法定的国庆节，按这份安排却不放假" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("元旦：1月1日（周四）放假。", "旁边写的是周四"),
        ("元旦：1月1日放假。1月4日上班。", "1月4日 周一本来就上班"),
        ("元旦：2026年12月31日至1月2日放假。", "2026年12月31日 周四不在2027年里"),
    ],
)
def test_what_is_odd_is_said_on_the_page(shown, text, said):
    assert said in shown(text).content.decode()


def test_days_that_are_past_are_pointed_out(shown):
    assert "已经过去了" in shown("国庆节：10月1日至8日放假。", 2026).content.decode()


def test_new_years_holiday_may_begin_in_december(entered):
    entered("元旦：2026年12月31日至1月2日放假。")

    assert known(date(2026, 12, 31)) == ("holiday", "元旦", False)


@pytest.fixture
def corrected(entered):
    entered()
    return entered("五、端午节：6月9日（周三）至10日（周四）放假。6月12日（周六）上班。")


def test_a_correction_shows_only_what_differs(entered, shown):
    entered()
    rows = shown("五、端午节：6月9日（周三）至10日（周四）放假。6月12日（周六）上班。").context["draft"].changes

    assert [change.date.day for change in rows] == [10, 12]


def test_a_correction_takes_the_place_of_what_was_known_of_its_festival(corrected, entered):
    assert known(date(2027, 6, 10)) == ("holiday", "端午", False)
    entered("五、端午节：6月9日放假。")

    assert known(date(2027, 6, 10)) == ("workday", "", False)
    assert known(date(2027, 6, 12)) == ("weekend", "", False)
    assert known(date(2027, 2, 9)) == ("holiday", "春节", False)


def test_the_end_of_december_belongs_to_the_next_years_notice(entered):
    entered("元旦：2026年12月31日至1月2日放假。")
    entered("元旦：1月2日放假。", 2026)

    assert known(date(2026, 12, 31)) == ("holiday", "元旦", False)


def test_what_is_so_already_needs_no_saving(entered, shown, county_client):
    entered()
    page = shown()

    assert "没有要改的" in page.content.decode()
    assert county_client.post(reverse("holidays_enter"), confirmation(page)).status_code == 409
    assert HolidayNotice.objects.count() == 1


@pytest.mark.parametrize("name", ["holidays", "holidays_new"])
def test_others_may_not(november, signed_in, officer, manager, name):
    assert [signed_in(user).get(reverse(name)).status_code for user in (officer, manager)] == [403, 403]


def test_others_cannot_save_either(shown, signed_in, officer):
    sent = confirmation(shown())

    assert signed_in(officer).post(reverse("holidays_enter"), sent).status_code == 403
    assert not HolidayNotice.objects.exists()


def test_an_account_without_a_second_factor_is_no_administrator(november, signed_in):
    """Whoever may use the admin needs one (portal.accounts.second_factor)."""
    client = signed_in(factories.UserFactory(is_staff=False, is_superuser=True))

    assert client.get(reverse("holidays")).status_code == 403


def test_the_administrator_may(november, entered, signed_in):
    administrator = factories.UserFactory(is_staff=True, is_superuser=True)

    assert entered(client=signed_in(administrator)).status_code == 302


def test_going_back_keeps_what_was_typed(shown, county_client):
    page = shown()
    answer = county_client.post(f"{reverse('holidays_new')}?way=text", confirmation(page) | {"edit": "1"})

    assert "1月31日（周日）、2月20日（周六）上班" in answer.content.decode()


def test_a_day_edited_in_the_admin_is_followed_too(november, signed_in, followers, django_capture_on_commit_callbacks):
    administrator = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))
    url = reverse("admin:centers_calendarday_change", args=["2026-12-07"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(url, {"kind": "holiday", "name": "村庆"})

    assert (answer.status_code, followers) == (302, [(date(2026, 12, 7), date(2026, 12, 7))])


def test_a_calendar_without_any_day_is_filled_by_its_notice(entered, county_client):
    CalendarDay.objects.all().delete()
    assert county_client.get(reverse("holidays")).status_code == 200
    entered()

    assert known(date(2027, 2, 9)) == ("holiday", "春节", False)
    assert CalendarDay.objects.filter(date__year=2027).count() == 365


def test_a_key_that_has_entered_something_else_enters_nothing(entered, shown, county_client):
    entered()
    key = HolidayNotice.objects.get().key
    other = confirmation(shown("五、端午节：6月9日至10日放假。"))
    answer = county_client.post(reverse("holidays_enter"), other | {"key": key})

    assert answer.status_code == 409 and known(date(2027, 6, 10)) == ("workday", "", False)


def test_the_list_costs_as_many_queries_for_twenty_as_for_one(county_client, django_assert_num_queries):
    factories.HolidayNoticeFactory()
    with django_assert_num_queries(QUERIES):
        county_client.get(reverse("holidays"))
    for _one in range(19):
        factories.HolidayNoticeFactory(undone_by=factories.UserFactory(), undone_at=at(-1, 9))
    with django_assert_num_queries(QUERIES):
        assert county_client.get(reverse("holidays")).content.decode().count("撤回了") == 19


def test_the_county_and_the_administrator_find_the_way(county_client, signed_in, officer):
    administrator = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))
    way = f'href="{reverse("holidays")}"'

    assert way in county_client.get(reverse("oversight")).content.decode()
    assert way in administrator.get(reverse("admin:centers_calendarday_changelist")).content.decode()
    assert way not in signed_in(officer).get(reverse("oversight")).content.decode()


def test_a_release_of_the_library_that_knows_it_otherwise_is_pointed_out(entered, county_client, monkeypatch):
    entered()
    page = county_client.get(reverse("holidays")).content.decode()
    assert "随软件来的日历和录入的" not in page
    monkeypatch.setattr("centers.holidays.years.national_day", lambda day: Day("workday", "", day != date(2027, 2, 10)))
    page = county_client.get(reverse("holidays")).content.decode()

    assert "随软件来的日历和录入的有1天不一样：2月10日" in page
