"""The first proof of a half day: arrivals, calls and steps at the desk; a later one changes nothing."""

import pytest
from django.utils import timezone

from appointments.cases.services import stages
from appointments.desk import attendance, calling
from appointments.tickets.taking import issue_at_desk
from centers.days.proof import gather, prove
from centers.days.reading import day_of
from centers.duty import presence
from centers.models import CenterDay
from portal.ui.idempotency import new_key
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(center, time_machine):
    """Today, open, and ten in the morning."""
    time_machine.move_to(at(0, 10), tick=False)
    return factories.CenterDayFactory(center=center)


def proofs(row: CenterDay) -> tuple:
    row.refresh_from_db()
    return row.morning_proof, row.afternoon_proof, row.evening_proof


def test_nobody_is_known_to_be_there_at_first(today):
    assert proofs(today) == (None, None, None)


def test_an_arrival(today, center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 10))
    attendance.arrive(appointment=visit, by=cadre)
    assert proofs(today) == (at(0, 10), None, None)


def test_a_number_that_is_given_at_the_window(today, center, cadre):
    issue_at_desk(center=center, key=new_key(), by=cadre)
    assert proofs(today)[0] == at(0, 10)


def test_a_call_and_not_a_number_that_was_only_taken(today, center, cadre):
    factories.TicketFactory(center=center, taken_at=at(0, 9), taken_by=None)
    assert proofs(today)[0] is None
    calling.call_next(center=center, window=1, by=cadre)
    assert proofs(today)[0] == at(0, 10)


def test_a_step_of_a_case_at_the_desk(today, center, cadre):
    case = factories.CaseFactory(center=center)
    stages.log(case, "noted", stages.Now.read(), cadre, level="village")
    assert proofs(today)[0] == at(0, 10)


def test_not_one_of_the_township(today, center, officer):
    case = factories.CaseFactory(center=center)
    stages.log(case, "noted", stages.Now.read(), officer, level="township")
    assert proofs(today)[0] is None


@pytest.mark.parametrize(
    ("found", "upheld", "proved"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_verified_report_that_somebody_is_there(today, center, officer, found, upheld, proved):
    report = factories.PresenceReportFactory(center=center, at=at(0, 9), found_somebody=found)
    presence.check(report=report, is_upheld=upheld, by=officer)
    assert (proofs(today)[0] is not None) is proved


def test_the_earliest_stays(today, center):
    for hour in (10, 9, 11, 15):
        prove(center.pk, at(0, hour))
    assert proofs(today) == (at(0, 9), at(0, 15), None)


def test_a_past_day_takes_what_was_found_out_later(center):
    row = factories.CenterDayFactory(center=center, date=at(-2, 9).date())
    prove(center.pk, at(-2, 9))
    assert proofs(row)[0] == at(-2, 9)


def test_what_is_stored_anyway_is_gathered(today, center, item):
    factories.AppointmentFactory(center=center, item=item, starts_at=at(0, 9), arrived_at=at(0, 9))
    gather([center], timezone.localdate(), timezone.localdate())
    assert proofs(today)[0] == at(0, 9)


def test_a_new_opening_rule_takes_no_proof_away(today, center):
    prove(center.pk, at(0, 9))
    factories.open_on(center, *range(7))
    assert day_of(center, timezone.localdate()).morning_proof == at(0, 9)
