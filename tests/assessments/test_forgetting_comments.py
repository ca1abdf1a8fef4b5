"""P4: what was written with a rating goes with the visit or the case; its level stays for statistics."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from assessments.models import Rating
from portal import retention
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
WORDS = "赵德贵的事办得慢"


def comments(days: int) -> list[str]:
    retention.forget_old(timezone.now() + timedelta(days=days))
    return list(Rating.objects.values_list("comment", flat=True))


@pytest.fixture
def of_a_visit(village):
    villager = factories.ResidentFactory(division=village, villager_group="三组")
    visit = factories.AppointmentFactory(resident=villager, starts_at=at(-1, 9), served=True)
    return factories.RatingFactory(appointment=visit, level=2, comment=WORDS)


@pytest.fixture
def of_a_case():
    return factories.RatingFactory(appointment=None, case=factories.CaseFactory(done=True), level=2, comment=WORDS)


@pytest.mark.parametrize(("kind", "days"), [("of_a_visit", 365), ("of_a_case", 5 * 365)])
def test_the_words_go_and_the_level_stays(request, kind, days):
    request.getfixturevalue(kind)

    assert comments(days - 3) == [WORDS]
    assert comments(days + 3) == [""]
    assert Rating.objects.get().level == 2
    assert not any(WORDS in str(row) for row in LogEntry.objects.values())
    assert retention.forget_old(timezone.now() + timedelta(days=days + 3)) == 0


def test_a_guests_words_go_with_the_guest():
    visit = factories.AppointmentFactory(starts_at=at(-1, 9), served=True)
    factories.RatingFactory(appointment=visit, comment=WORDS)

    assert (comments(80), comments(95)) == ([WORDS], [""])
