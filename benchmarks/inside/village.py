"""Test data for web server benchmarks: twenty centers with slots, and signed-in sessions; printed as JSON."""

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
from centers.models import Center  # noqa: E402
from portal.accounts.models import User  # noqa: E402


def main(number: int, popular_places: int) -> None:
    build(first=1, last=20)
    session = session_of(User.objects.create_user("villager"))
    administrator = session_of(User.objects.create_superuser("administrator"))
    after = timezone.now() + timedelta(days=2)
    slots = list(Slot.objects.filter(starts_at__gt=after).order_by("starts_at").values_list("pk", flat=True))
    popular = slots.pop()
    Slot.objects.filter(pk=popular).update(online_places=popular_places)
    print(
        json.dumps(
            {
                "session": session,
                "administrator": administrator,
                "slots": slots[:number],
                "popular": popular,
                "item": "renzheng",
                "codes": list(Center.objects.order_by("pk").values_list("division__code", flat=True)),
            }
        )
    )


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
