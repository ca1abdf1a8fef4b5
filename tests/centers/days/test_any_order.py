"""Any sequence of changes: slots, center page, duty and API agree, and what is stored equals what is computed anew."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.booking.displaced import displaced
from appointments.models import Appointment, Slot
from centers.days.following import together
from centers.days.opening_state import hours_words, opening_states
from centers.days.reading import days_of
from centers.duty import leaves
from centers.models import CalendarDay, ClosureNotice, DutyShift, Leave, OpeningRule, Roster
from centers.services import calendar, closures
from portal.invariants import invariants
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
AHEAD = 5
days = st.integers(1, AHEAD)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("rule"), st.integers(0, 6), st.integers(8, 11), st.integers(0, 59)),
        st.tuples(st.just("no_rule"), st.integers(0, 6)),
        st.tuples(st.just("closure"), days, st.integers(8, 16), st.integers(1, 240)),
        st.tuples(st.just("withdraw"), st.integers(0, 3)),
        st.tuples(st.just("holiday"), days, st.sampled_from(["holiday", "workday", "make_up"])),
        st.tuples(st.just("shift"), days, st.sampled_from(["morning", "afternoon"])),
        st.tuples(st.just("leave"), days),
        st.tuples(st.just("pause"), st.booleans()),
        st.tuples(st.just("book"), days, st.integers(0, 10)),
    ),
    max_size=10,
)


class Village:
    def __init__(self, center, item, manager, officer):
        self.center, self.item, self.manager, self.officer = center, item, manager, officer
        with together():
            factories.open_on(center, *range(7))
            factories.open_on(center, *range(7), opens=time(14), closes=time(17))
        self.person = factories.StaffFactory(center=center)

    def rule(self, weekday: int, hour: int, minute: int) -> None:
        if not OpeningRule.objects.filter(center=self.center, weekday=weekday, opens=time(hour, minute)).exists():
            factories.OpeningRuleFactory(center=self.center, weekday=weekday, opens=time(hour, minute), closes=time(12))

    def no_rule(self, weekday: int) -> None:
        OpeningRule.objects.filter(center=self.center, weekday=weekday).delete()

    def closure(self, day: int, hour: int, minutes: int) -> None:
        asked = closures.request(
            center=self.center, starts_at=at(day, hour), ends_at=at(day, hour) + timedelta(minutes=minutes),
            reason="other", by=self.manager,
        )  # fmt: skip
        closures.approve(closure=asked, by=self.officer)

    def withdraw(self, number: int) -> None:
        for closure in ClosureNotice.objects.order_by("pk")[number : number + 1]:
            closures.withdraw(closure=closure, by=self.officer)

    def holiday(self, day: int, kind: str) -> None:
        date = at(day, 0).date()
        CalendarDay.objects.update_or_create(date=date, defaults={"kind": kind})
        calendar.keeping.mark_stale([date])
        calendar.keeping.renew()

    def shift(self, day: int, part: str) -> None:
        if not DutyShift.objects.filter(date=at(day, 0).date(), part=part).exists():
            factories.DutyShiftFactory(staff=self.person, date=at(day, 0).date(), part=part)
            calendar.keeping.keep([self.center])

    def leave(self, day: int) -> None:
        date = at(day, 0).date()
        if not Leave.objects.filter(first_date=date).exists():
            leaves.agree(
                leave=factories.LeaveFactory(staff=self.person, first_date=date, last_date=date), by=self.manager
            )

    def pause(self, active: bool) -> None:
        self.center.is_active = active
        self.center.save()

    def book(self, day: int, number: int) -> None:
        open_slots = Slot.objects.open().filter(center=self.center, starts_at__date=at(day, 0).date(), online_taken=0)
        for slot in open_slots.order_by("pk")[number : number + 1]:
            book(slot, self.item, factories.ResidentFactory(division=self.center.division))


@pytest.mark.parametrize("pieces", [changes])
@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_everything_that_speaks_of_the_day_agrees(
    pieces, data, center, item, manager, officer, django_db_blocker, client
):
    from django.db import transaction

    with transaction.atomic():
        village = Village(center, item, manager, officer)
        for name, *values in data.draw(pieces):
            getattr(village, name)(*values)
        agree(village, client)
        transaction.set_rollback(True)
    center.is_active = True


def agree(village: Village, client: Client) -> None:
    center, today = village.center, timezone.localdate()
    assert {sentence: list(rows) for sentence, rows in invariants(timezone.now()) if rows} == {}

    state = opening_states([center], whole=True)[center.pk]
    stored = days_of([center], today, today + timedelta(days=AHEAD))[center.pk]
    page = client.get(f"/centers/{center.code}/").content.decode() if center.is_active else ""
    told = client.get(f"/api/v1/centers/{center.code}").json() if center.is_active else {}
    for day in state.days[: AHEAD + 1]:
        row = stored[day.date]
        # The page and the API say the hours of the row.
        for words in hours_words(day.openings) if page else ():
            assert words in page
        if told:
            shown = next(one for one in told["hours"] if one["date"] == day.date.isoformat())
            assert len(shown["openings"]) == len(row.openings)
        # Slots are open within the hours, and only there.
        for slot in Slot.objects.filter(center=center, starts_at__date=day.date):
            within = any(one.starts_at <= slot.starts_at and slot.ends_at <= one.ends_at for one in day.openings)
            assert (slot.closed_at is None) is within
            assert slot.starts_at.minute in (0, 30)
        # Duty: who is away or not on the roster is not at the desk.
        for part, people in row.on_duty.items():
            assert row.is_rostered and people == [village.person.pk], part
    for row in Appointment.objects.filter(center=center):
        is_open = all(place.slot.closed_at is None for place in row.places.all())
        assert displaced().filter(pk=row.pk).exists() is not is_open


def test_control_a_row_that_was_not_computed_anew_is_found(center):
    factories.open_on(center, *range(7))
    center.days.filter(date=at(2, 0).date()).update(openings=[])

    broken = [sentence for sentence, rows in invariants(timezone.now()) if rows]
    assert broken == [
        "A slot ahead is open when its center's day is, with no more places than seats.",
        "A day ahead is stored as it would be computed anew.",
    ]
    assert not Roster.objects.exists()
