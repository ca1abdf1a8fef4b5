"""L2: a slot of 50 places opens and the whole village books. Response times are measured by benchmarks/load.py."""

import pytest

from tests import factories
from tests.appointments.steps import taken
from tests.bookers import Booker
from tests.factories.appointments import at
from tests.faults.conftest import database_url
from tests.load.conftest import FULL
from tests.load.crowd import arrive, p95, statuses
from tests.web import web

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, SECONDS, PLACES = (500, 10, 50) if FULL else (120, 3, 50)


def test_l2_fifty_are_booked_and_the_others_are_told_where_else(center, item):
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=PLACES)
    later = factories.SlotFactory(center=center, starts_at=at(3, 10), online_places=PEOPLE)
    bookers = [Booker(number, slot.pk, item.code) for number in range(PEOPLE)]
    with web(database_url()) as server:
        arrive(bookers, server.port, SECONDS)
    print(f"L2 people={PEOPLE} {dict(statuses(bookers))} p95={p95([booker.seconds for booker in bookers]):.3f}s")
    assert statuses(bookers) == {201: PLACES, 409: PEOPLE - PLACES}
    assert taken(slot) == (PLACES, 0)
    # No first attempt got a 5xx or a refused connection, and everybody refused was offered alternatives.
    assert {booker.tries for booker in bookers} == {1}
    refused = [booker.answer.json() for booker in bookers if booker.answer.status == 409]
    assert {answer["code"] for answer in refused} == {"slot_full"}
    assert all(later.pk in [other["slot"] for other in answer["alternatives"]] for answer in refused)
