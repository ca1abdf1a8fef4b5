"""A notice is undone in one step: each day becomes what it was."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from centers.models import CalendarDay, HolidayNotice
from tests.centers.holidays.test_entering import all_known, followers, known  # noqa: F401


@pytest.fixture
def before(november):
    return all_known()


@pytest.fixture
def undone(county_client):
    """`undone(notice)`: the answer to the confirmation of its page."""

    def confirm(notice: HolidayNotice, client=county_client):
        url = reverse("holidays_undo", args=[notice.pk])
        page = client.get(url)
        return client.post(url, {"seen": page.context["form"]["seen"].value()} if page.status_code == 200 else {})

    return confirm


def test_all_days_are_as_they_were(before, entered, undone):
    entered()
    assert all_known() != before
    undone(HolidayNotice.objects.get())

    assert all_known() == before


def test_it_is_on_record_who_undid_it(entered, undone, county_official):
    entered()
    undone(HolidayNotice.objects.get())
    notice = HolidayNotice.objects.get()

    assert notice.undone_by == county_official and notice.undone_at
    assert LogEntry.objects.get_for_object(notice).count() == 2


def test_the_calendars_followers_are_told(entered, undone, followers):  # noqa: F811
    entered()
    undone(HolidayNotice.objects.get())

    assert followers == [(date(2027, 1, 1), date(2027, 12, 31))] * 2


def test_twice_is_as_good_as_once(before, entered, undone, county_client):
    entered()
    notice = HolidayNotice.objects.get()
    url = reverse("holidays_undo", args=[notice.pk])
    sent = {"seen": county_client.get(url).context["form"]["seen"].value()}
    answers = [county_client.post(url, sent) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert all_known() == before


def test_the_later_of_two_is_undone_first(before, entered, undone, county_client):
    entered()
    entered("五、端午节：6月9日至10日放假。")
    later, first = HolidayNotice.objects.all()
    assert "请先撤回后来的那一次" in county_client.get(reverse("holidays_notice", args=[first.pk])).content.decode()
    undone(first)
    assert known(date(2027, 2, 9)) == ("holiday", "春节", False)
    undone(later)
    assert known(date(2027, 6, 10)) == ("workday", "", False)
    undone(first)

    assert all_known() == before


def test_a_day_that_somebody_changed_since_stays(entered, undone, county_client):
    entered()
    CalendarDay.objects.filter(date="2027-02-09").update(kind="workday", name="")
    notice = HolidayNotice.objects.get()
    assert "后来又被人改过" in county_client.get(reverse("holidays_undo", args=[notice.pk])).content.decode()
    undone(notice)

    assert known(date(2027, 2, 9)) == ("workday", "", False)
    assert known(date(2027, 2, 10)) == ("workday", "", True)


def test_a_calendar_that_was_changed_meanwhile_is_shown_anew(entered, county_client):
    entered()
    url = reverse("holidays_undo", args=[HolidayNotice.objects.get().pk])
    sent = {"seen": county_client.get(url).context["form"]["seen"].value()}
    CalendarDay.objects.filter(date="2027-02-09").update(kind="workday", name="")

    answer = county_client.post(url, sent)

    assert answer.status_code == 409 and "刚刚被改过了" in answer.content.decode()
    assert HolidayNotice.objects.standing().exists()


def test_others_may_not(entered, signed_in, officer):
    entered()
    url = reverse("holidays_undo", args=[HolidayNotice.objects.get().pk])

    assert signed_in(officer).get(url).status_code == 403
    assert signed_in(officer).post(url, {"seen": "x"}).status_code == 403


def test_it_can_be_entered_again(entered, undone):
    entered()
    undone(HolidayNotice.objects.get())
    entered()

    assert known(date(2027, 2, 9)) == ("holiday", "春节", False)
