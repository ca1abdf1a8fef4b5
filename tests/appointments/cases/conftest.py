import pytest

from tests import factories
from tests.appointments.cases.carrying import PAPERS, open_case


@pytest.fixture
def proxy_item(county):
    """An item handled by proxy through township and department; 10 workdays promised."""
    return factories.ServiceItemFactory(
        division=county,
        carried=True,
        materials=PAPERS,
        promised_limit=10,
        statutory_kind="workdays",
        statutory_limit=30,
    )


@pytest.fixture
def case(center, proxy_item, resident, cadre):
    """Accepted today with all its papers, owned by the cadre."""
    return open_case(center, proxy_item, resident, cadre)


@pytest.fixture
def unready(center, proxy_item, resident, cadre):
    """Opened today with one paper missing."""
    return open_case(center, proxy_item, resident, cadre, there=PAPERS[:1])
