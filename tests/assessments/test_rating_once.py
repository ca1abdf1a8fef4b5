"""Race: a visit is rated once, even when two devices submit in parallel."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from appointments.models import Appointment
from assessments import services
from assessments.models import Rating
from portal.ui.errors import RuleBroken
from tests import factories
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
CLIENTS = 8


@pytest.fixture
def visit(center, item, resident):
    return factories.AppointmentFactory(center=center, item=item, resident=resident, served=True)


def test_of_eight_ratings_at_once_one_stands_and_seven_are_told(visit):
    answers = together(lambda level: services.rate(of=visit, level=level, via="link"), [1, 2, 3, 4, 5, 1, 2, 3])

    refused = [answer.code for answer in answers if isinstance(answer, RuleBroken)]
    assert (Rating.objects.count(), refused) == (1, ["rated"] * (CLIENTS - 1))


def test_control_looking_before_the_lock_ends_in_faults(visit):
    answers = together(lambda _: careless(visit.pk), range(CLIENTS))

    assert any(isinstance(answer, IntegrityError | ValidationError) for answer in answers)


def careless(pk: int) -> None:
    """The control: check-then-act, with all threads checking before any writes."""
    appointment = Appointment.objects.get(pk=pk)
    services.check(appointment)
    time.sleep(0.2)
    with transaction.atomic():
        services._store(appointment, 3, "", "link", timezone.now())
