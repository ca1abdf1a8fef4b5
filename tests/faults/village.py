"""Demo data for tests that kill the database of DATABASE_URL: prints what can be booked."""

import json

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from tests import factories  # noqa: E402
from tests.factories.appointments import at  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    village = factories.DivisionFactory(code="990101100201", name="柳湾村村民委员会")
    center = factories.CenterFactory(division=village)
    item = factories.ServiceItemFactory(code="renzheng")
    slots = [
        factories.SlotFactory(center=center, starts_at=at(3, hour), online_places=1000).pk for hour in (9, 10, 14, 15)
    ]
    print(json.dumps({"center": center.code, "item": item.code, "slots": slots}))
