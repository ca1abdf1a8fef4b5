"""A county with rules of its own asks no query more than one without."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.models import Channel
from centers.rules.reading import value
from tests import factories
from tests.appointments.villager import queries_of
from tests.factories.appointments import at
from tests.rules import set_rule

pytestmark = pytest.mark.django_db

NEW = {
    "BOOKING_HORIZON_DAYS": 20,
    "BOOKING_LEAD_MINUTES": 10,
    "BOOKING_CANCEL_CUTOFF_MINUTES": 60,
    "BOOKING_LIMIT_PER_PERSON_AND_DAY": 9,
    "BOOKING_LIMIT_PER_PHONE_AND_DAY": 9,
    "DESK_GRACE_MINUTES": 5,
    "QUEUE_PRIORITIES": ["elder"],
    "WALK_IN_ONLINE": True,
    "REMINDERS": [60],
}


def test_pages_and_a_booking_ask_as_many_as_before(client, signed_in, cadre, county, center, item):
    factories.open_on(center, *range(7))
    slots = [factories.SlotFactory(center=center, starts_at=at(days, 9)) for days in (2, 3, 4)]
    people = factories.ResidentFactory.create_batch(3, division=center.division)
    desk = signed_in(cadre)
    pages = [
        (client, reverse("center", args=[center.code])),
        (client, reverse("book", args=[center.code])),
        (client, reverse("book_time", args=[center.code, item.code])),
        (client, f"{reverse('api:slots', args=[center.code])}?item={item.code}&from={timezone.localdate()}"),
        (desk, reverse("desk")),
        (desk, reverse("desk_tickets")),
    ]

    def counted(number: int) -> list[int]:
        for who, url in pages:
            who.get(url)
        return [queries_of(who, url) for who, url in pages] + [booked(number)]

    def booked(number: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            booking.book(
                slot=slots[number],
                item=item,
                resident=people[number],
                phone=f"1380000100{number}",
                channel=Channel.ONLINE,
                key=f"{number:032x}",
            )
        return len(asked)

    booked(0)
    before = counted(1)
    for name, new in NEW.items():
        set_rule(name, new, county)
    value("DESK_GRACE_MINUTES", center.pk)  # the codes of the centers, once in ten minutes

    assert counted(2) == before
