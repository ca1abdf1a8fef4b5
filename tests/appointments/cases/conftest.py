import pytest

from tests import factories
from tests.appointments.cases.carrying import PAPERS, open_case


@pytest.fixture
def carried(county):
    """Carried by an agent through township and department: 10 workdays promised."""
    return factories.ServiceItemFactory(
        division=county,
        carried=True,
        materials=PAPERS,
        promised_limit=10,
        statutory_kind="workdays",
        statutory_limit=30,
    )


@pytest.fixture
def case(center, carried, resident, cadre):
    """Accepted today, with all its papers, in the cadre's hands."""
    return open_case(center, carried, resident, cadre)


@pytest.fixture
def unready(center, carried, resident, cadre):
    """Opened today with one paper missing."""
    return open_case(center, carried, resident, cadre, there=PAPERS[:1])
