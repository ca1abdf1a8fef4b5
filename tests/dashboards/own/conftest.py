"""A villager with a fresh sign-in, and what she has ahead."""

import pytest

from tests.appointments.steps import book
from tests.fresh import fresh


@pytest.fixture
def hers(signed_in, villager):
    return fresh(signed_in(villager))


@pytest.fixture
def ahead(slot, item, resident):
    return book(slot, item, resident)
