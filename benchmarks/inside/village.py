"""Test data for web server benchmarks: twenty centers with slots, and a signed-in session; printed as JSON."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from appointments.models import Slot  # noqa: E402
from benchmarks.inside.booking import build  # noqa: E402
from portal.accounts.models import User  # noqa: E402


def main(number: int, popular_places: int) -> None:
    build(first=1, last=20)
    client = Client()
    client.force_login(User.objects.create_user("villager"))
    after = timezone.now() + timedelta(days=2)
    slots = list(Slot.objects.filter(starts_at__gt=after).order_by("starts_at").values_list("pk", flat=True))
    popular = slots.pop()
    Slot.objects.filter(pk=popular).update(online_places=popular_places)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    print(json.dumps({"session": session, "slots": slots[:number], "popular": popular, "item": "renzheng"}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
