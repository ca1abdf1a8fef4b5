"""On a later morning of the demo its desk has been kept, and somebody waits."""

from datetime import timedelta

import pytest
import time_machine

from appointments.models import Ticket
from portal.dashboards.demo import mornings
from tests import factories
from tests.dashboards.test_load_demo import AFTERNOON

pytestmark = pytest.mark.django_db

NOW = AFTERNOON.replace(hour=9, minute=40)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([-1440, -100, -70, -40, -10, 20], "served served arrived arrived arrived booked"),
        ([-1440, -10, 20, 50, 80], "served arrived arrived arrived booked"),
    ],
)
def test_whoever_was_booked_has_come_and_three_wait(center, item, village, minutes, said):
    cadre = factories.UserFactory(username="cadre")
    factories.MembershipFactory(user=cadre, division=village)
    times = [NOW + timedelta(minutes=ahead) for ahead in minutes]
    with time_machine.travel(NOW, tick=False):
        booked = [
            factories.AppointmentFactory(center=center, item=item, starts_at=at, booked_at=NOW - timedelta(days=3))
            for at in times
        ]
        mornings.begin(NOW)
        for one in booked:
            one.refresh_from_db()

        assert " ".join(one.status.value for one in booked) == said
        assert Ticket.objects.filter(done_at=None).count() == 3
