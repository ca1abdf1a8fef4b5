"""K4, staffed when due: derived from work in the half day."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.duty import evidence
from tests import factories

MONDAY = date(2026, 11, 23)


@pytest.fixture
def monday(open_weekdays, december, center):
    """The roster of November was published before it began; it is Wednesday now."""
    published = datetime(2026, 10, 28, 9, tzinfo=timezone.get_current_timezone())
    factories.RosterFactory(center=center, month=date(2026, 11, 1), published=True, published_at=published)
    return MONDAY


def moment(hour: int, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())


def visit(center, hour: int, **more):
    return factories.AppointmentFactory(center=center, starts_at=moment(9), arrived_at=moment(hour), **more)


def blocks(center, first=MONDAY, last=MONDAY):
    factories.arrange(center, first=date(2026, 11, 1))
    return evidence.blocks_of([center], first, last)


def staffed(center, **more) -> list[bool]:
    return [block.is_staffed for block in blocks(center, **more)]


def test_a_half_day_in_which_somebody_arrived_was_staffed(monday, center):
    visit(center, 9)
    assert staffed(center) == [True, False]


def test_it_counts_when_people_came_and_not_for_when_they_had_booked(monday, center):
    visit(center, 15)
    assert staffed(center) == [False, True]


def test_a_checked_tap_counts(monday, center, officer):
    checked = {"checked_at": timezone.now(), "checked_by": officer, "is_upheld": True}
    factories.PresenceReportFactory(center=center, date=MONDAY, at=moment(9), found_somebody=True, **checked)
    assert staffed(center) == [True, False]


def test_a_step_of_a_case_at_the_desk_counts_as_work(monday, center, cadre):
    factories.CaseStepFactory(case__center=center, by=cadre, at=moment(15))
    assert [block.level for block in blocks(center)] == ["", "B"]


def test_whoever_was_called_and_served_without_a_name_counts_as_work(monday, center):
    factories.TicketFactory(center=center, taken_at=moment(15), done=True)
    assert [block.level for block in blocks(center)] == ["", "B"]


def test_a_number_that_was_only_taken_does_not(monday, center):
    factories.TicketFactory(center=center, taken_at=moment(9))
    factories.TicketFactory(center=center, taken_at=moment(15), called=True)
    assert staffed(center) == [False, False]


def test_whose_name_was_told_counts_as_somebody_who_came(monday, center):
    factories.TicketFactory(
        center=center, taken_at=moment(15), done=True, appointment=visit(center, 15, channel="walk_in")
    )
    assert [block.level for block in blocks(center)] == ["", "A"]


def test_what_the_township_or_the_villager_did_to_a_case_does_not(monday, center, officer):
    factories.CaseStepFactory(case__center=center, level="township", by=officer, at=moment(9))
    factories.CaseStepFactory(case__center=center, kind="reopened", by=None, at=moment(15))
    assert staffed(center) == [False, False]


def test_one_that_nobody_checked_does_not(monday, center):
    factories.PresenceReportFactory(center=center, date=MONDAY, at=moment(9), found_somebody=True)
    assert staffed(center) == [False, False]


def test_a_checked_nobody_takes_the_half_day_away(monday, center, officer):
    visit(center, 9)
    checked = {"checked_at": timezone.now(), "checked_by": officer, "is_upheld": True}
    factories.PresenceReportFactory(center=center, date=MONDAY, at=moment(10), **checked)
    assert staffed(center) == [False, False]


def test_one_found_untrue_takes_nothing_away(monday, center, officer):
    visit(center, 9)
    checked = {"checked_at": timezone.now(), "checked_by": officer, "is_upheld": False}
    factories.PresenceReportFactory(center=center, date=MONDAY, at=moment(10), **checked)
    assert staffed(center) == [True, False]


def test_saying_so_oneself_is_counted_apart(monday, center, team, cadre):
    factories.DutyShiftFactory(staff=team[2], date=MONDAY, declared_at=moment(9), declared_by=cadre)
    factories.arrange(center, first=MONDAY)
    figure = evidence.staffed_rates([center], MONDAY, MONDAY)[center.pk]
    assert (figure.staffed, figure.due, figure.declared) == (0, 2, 1)


def test_an_open_half_day_without_anybody_on_the_roster_is_due(monday, center):
    assert len(blocks(center)) == 2


def test_an_approved_closure_leaves_the_denominator(monday, center):
    factories.ClosureNoticeFactory(center=center, starts_at=moment(12), ends_at=moment(20), approved=True)
    assert [block.part for block in blocks(center)] == ["morning"]


def test_one_that_is_only_asked_for_does_not(monday, center):
    factories.ClosureNoticeFactory(center=center, starts_at=moment(12), ends_at=moment(20))
    assert len(blocks(center)) == 2


def test_what_is_not_over_is_not_due(monday, center):
    today = timezone.localdate()
    assert blocks(center, today, today) == []


def test_nothing_is_due_before_the_roster_was_published(monday, center):
    center.rosters.update(published_at=moment(12, date(2026, 11, 24)))
    assert [block.date for block in blocks(center, date(2026, 11, 1), date(2026, 11, 24))] == [date(2026, 11, 24)]


def test_a_center_without_a_roster_has_no_figure(open_weekdays, december, center):
    assert evidence.staffed_rates([center], MONDAY, MONDAY) == {}


def test_weekends_are_on_call_and_not_due(monday, center):
    saturday = date(2026, 11, 21)
    assert blocks(center, saturday, saturday) == []


def steps(centers, start, end):
    for center in centers:
        yield evidence.Proof((center, MONDAY, "afternoon"), "代办了一步", moment(15))


def test_other_parts_of_the_portal_add_their_own_proof(monday, center, settings):
    settings.EVIDENCE_SOURCES = {"A": [], "B": [f"{__name__}.steps"]}
    assert [block.level for block in blocks(center)] == ["", "B"]


def test_the_figure_opens_to_its_half_days(monday, center, signed_in, officer):
    visit(center, 9)
    factories.arrange(center, first=MONDAY)
    page = signed_in(officer).get(reverse("duty_evidence"), {"center": center.code, "month": "2026-11"})
    said = page.content.decode()
    assert "群众到了" in said
    assert "没有凭据" in said


def test_the_township_reads_it_beside_the_other_figures(monday, center, signed_in, officer):
    visit(center, 9)
    factories.arrange(center, first=MONDAY)
    page = signed_in(officer).get(reverse("oversight"), {"from": "2026-11-01", "to": "2026-11-25"}).content.decode()
    assert "该有人的时候有没有人" in page


def test_no_more_is_asked_for_twenty_centers_than_for_one(monday, center, township, django_assert_num_queries):
    centers = [center]
    for _number in range(19):
        roster = factories.RosterFactory(
            month=date(2026, 11, 1), published=True, published_at=moment(1, date(2026, 11, 1))
        )
        factories.OpeningRuleFactory(center=roster.center)
        centers.append(roster.center)
    factories.arrange(*centers, first=MONDAY)
    with django_assert_num_queries(9):
        evidence.staffed_rates(centers[:1], MONDAY, MONDAY)
    with django_assert_num_queries(9):
        assert len(evidence.staffed_rates(centers, MONDAY, MONDAY)) == 20
