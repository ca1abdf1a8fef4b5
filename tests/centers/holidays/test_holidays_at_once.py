"""Two people who type a year's notice in at the same time, and the nightly job beside one of them."""

from datetime import date
from threading import Barrier, Event

import pytest
from django.db import connection

from centers.calendars import HOLIDAY, Day
from centers.holidays import services
from centers.holidays.drafts import fingerprint
from centers.holidays.entries import bounds
from centers.models import CalendarDay, HolidayNotice
from centers.services import calendar
from portal import locking
from portal.ui.errors import Changed
from tests import factories
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def year():
    """The first that the library does not have; threads do not share a frozen clock."""
    calendar.fill_ahead()
    return CalendarDay.objects.filter(is_pending=True).earliest("date").date.year


@pytest.fixture
def two_officials(county):
    return [factories.MembershipFactory(division=county, role="county").user for _one in range(2)]


def notices(year: int) -> list[str]:
    """Two that do not agree: the second lets the bridge day go."""
    return [f"国庆节：{year}年10月1日至8日放假。", f"国庆节：{year}年10月1日至7日放假。"]


@pytest.fixture
def enter_both(year, two_officials):
    """Both have seen the same calendar; the answers of both."""

    def run(entering=services.enter) -> list:
        seen = fingerprint(calendar.known_days(*bounds(year)))

        def enter(number: int) -> HolidayNotice:
            return entering(
                year=year,
                way="text",
                text=notices(year)[number],
                seen=seen,
                key=f"key{number}",
                by=two_officials[number],
            )

        return together(enter, range(2))

    return run


def is_off(year: int) -> bool:
    return CalendarDay.objects.get(date=date(year, 10, 8)).kind == HOLIDAY


def test_of_two_one_is_entered_and_the_other_is_told(year, enter_both):
    answers = enter_both()
    entered = [answer for answer in answers if isinstance(answer, HolidayNotice)]

    assert len(entered) == 1 and sum(isinstance(answer, Changed) for answer in answers) == 1
    assert HolidayNotice.objects.get() == entered[0]
    assert is_off(year) is ("8日" in entered[0].text)


def test_control_without_the_lock_both_are_entered(year, enter_both, monkeypatch):
    """Each sees the calendar before the other has written: both stand, and undoing neither brings back what was."""
    both_have_read = Barrier(2, timeout=20)

    def read_only(first: date, last: date) -> dict[date, CalendarDay]:
        rows = {row.date: row for row in CalendarDay.objects.between(first, last)}
        both_have_read.wait()
        return rows

    monkeypatch.setattr(calendar, "locked_days", read_only)
    answers = enter_both(services._enter)  # without its transaction, which on SQLite is a lock by itself

    assert [type(answer) for answer in answers] == [HolidayNotice, HolidayNotice]
    assert HolidayNotice.objects.standing().count() == 2


def test_sent_twice_at_once_it_is_entered_once(year, two_officials):
    seen = fingerprint(calendar.known_days(*bounds(year)))
    answers = together(
        lambda _time: services.enter(
            year=year, way="text", text=notices(year)[0], seen=seen, key="one", by=two_officials[0]
        ),
        range(2),
    )

    assert answers[0] == answers[1] == HolidayNotice.objects.get()


@pytest.fixture
def beside_the_job(year, two_officials, monkeypatch):
    """The nightly job, with a release that has the year, has read the calendar; then a notice is entered.

    The answers of both. The job waits for the notice for a second: with the lock it is the notice that waits.
    """
    job_has_read, notice_is_entered = Event(), Event()
    seen = fingerprint(calendar.known_days(*bounds(year)))

    def national_day(day: date) -> Day:
        if day == date(year, 12, 31):
            job_has_read.set()
            notice_is_entered.wait(1)
        return Day("weekend" if day.weekday() >= 5 else "workday", "", False)

    def job() -> int:
        return calendar.fill(date(year, 1, 1), date(year, 12, 31))

    def notice() -> HolidayNotice:
        job_has_read.wait(20)
        try:
            return services.enter(
                year=year, way="text", text=notices(year)[0], seen=seen, key="one", by=two_officials[0]
            )
        finally:
            notice_is_entered.set()

    def run() -> list:
        monkeypatch.setattr(calendar, "national_day", national_day)
        return together(lambda action: action(), [job, notice])

    return run


def test_who_enters_a_notice_beside_the_nightly_job_is_told_of_its_days(year, beside_the_job):
    written, answer = beside_the_job()

    assert written and isinstance(answer, Changed)
    assert not is_off(year)


def test_control_without_the_lock_the_job_writes_over_a_notice_that_stands(year, beside_the_job, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite a transaction is a lock by itself")
    monkeypatch.setattr(locking, "lock", lambda *_rows, **_how: None)
    _written, answer = beside_the_job()

    assert HolidayNotice.objects.standing().get() == answer
    assert not is_off(year)
