"""The end of November: the calendar has 2026 and waits for the notice of 2027."""

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.services import calendar
from tests.centers.holidays.notices import OF_2027


@pytest.fixture
def november(db, time_machine):
    time_machine.move_to(datetime(2026, 11, 28, 9, tzinfo=timezone.get_current_timezone()), tick=False)
    calendar.fill_ahead()


@pytest.fixture
def county_client(november, signed_in, county_official):
    return signed_in(county_official)


@pytest.fixture
def shown(county_client):
    """`shown(text)`: the page that shows what the calendar becomes."""

    def ask(text: str = OF_2027, year: int = 2027, client=county_client):
        return client.post(reverse("holidays_new"), {"year": year, "notice": text})

    return ask


@pytest.fixture
def entered(shown, county_client):
    """`entered(text)`: the answer to the confirmation of what was shown."""

    def confirm(text: str = OF_2027, year: int = 2027, client=county_client, **changed):
        page = shown(text, year, client)
        assert page.status_code == 200, page.content.decode()
        return client.post(reverse("holidays_enter"), confirmation(page) | changed)

    return confirm


def confirmation(page) -> dict:
    """What the form below a draft sends, its tick set."""
    form = page.context["form"]
    return {field.html_name: field.value() for field in form} | {"is_checked": "on"}
