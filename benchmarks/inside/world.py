"""Builds centers with slots; prints as JSON one center in the middle, and slots to book.

`ours` and `bare` are slots with room for everybody, for either app; `single` have one place each.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from appointments.models import Slot  # noqa: E402
from benchmarks.inside.booking import build  # noqa: E402
from benchmarks.models import BareBooking  # noqa: E402
from centers.models import Center  # noqa: E402

SLOTS, ROOM, SINGLE = 400, 2_000, 20


def main(centers: int) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(BareBooking)
    build(first=1, last=centers)
    connection.cursor().execute("ANALYZE")
    middle = Center.objects.select_related("division")[centers // 2]
    print(json.dumps({"pk": middle.pk, "code": middle.code, **_slots()}))


def _slots() -> dict[str, list[int]]:
    later = Slot.objects.open().filter(starts_at__gt=timezone.now() + timedelta(days=3)).order_by("pk")
    step = max(1, later.count() // (2 * SLOTS + SINGLE))
    chosen = list(later.values_list("pk", flat=True))[::step]
    single, ours, bare = chosen[:SINGLE], chosen[SINGLE::2], chosen[SINGLE + 1 :: 2]
    Slot.objects.filter(pk__in=single).update(online_places=1)
    Slot.objects.filter(pk__in=[*ours[:SLOTS], *bare[:SLOTS]]).update(online_places=ROOM)
    return {"ours": ours[:SLOTS], "bare": bare[:SLOTS], "single": single}


if __name__ == "__main__":
    main(int(sys.argv[1]))
