"""S12: the first pages ask the same number of queries with 24 centers and with a thousand."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import Center, CenterDay, Division
from tests import factories
from tests.appointments.villager import queries_of

pytestmark = pytest.mark.django_db

QUERIES = {
    "home": 3,
    "centers": 4,
    "items": 1,
    "center": 7,
    "book": 2,
    "book_time": 3,
    "api:centers": 2,
    "api:center": 3,
    "api:slots": 1,
}


def grow(number: int) -> None:
    """Up to so many centers, fifty a township; of their next days every other one is closed."""
    there, today = Center.objects.count(), timezone.localdate()
    codes = [f"9901012{place // 50:02d}{200 + place % 50}" for place in range(there, number)]
    villages = Division.objects.bulk_create(
        Division(code=code, name=f"演示{code}村村民委员会", level=5, valid_from=date(2020, 1, 1)) for code in codes
    )
    centers = Center.objects.bulk_create(Center(division=village, name=f"{village.name}中心") for village in villages)
    CenterDay.objects.bulk_create(
        CenterDay(center=center, date=today + timedelta(days=day), openings=[[510, 690, 2, 1, 1]] if day % 2 else [])
        for center in centers
        for day in range(3)
    )


def test_with_a_thousand_centers_as_with_24(client, center, item, slot):
    factories.open_on(center, *range(7))
    args = {"center": [center.code], "book": [center.code], "book_time": [center.code, item.code]}
    args |= {"api:center": [center.code], "api:slots": [center.code]}
    urls = {name: reverse(name, args=args.get(name)) for name in QUERIES}
    urls["api:slots"] += f"?item={item.code}&from={timezone.localdate(slot.starts_at)}"
    asked = []
    for number in (24, 1_000):
        grow(number)
        for url in urls.values():
            client.get(url)  # what is asked once in the life of a worker
        asked.append({name: queries_of(client, url) for name, url in urls.items()})

    assert Center.objects.count() == 1_000
    assert asked == [QUERIES, QUERIES]
