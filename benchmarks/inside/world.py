"""Builds centers with slots, and further ones with days only; prints as JSON one of the first, and slots to book.

`python -m benchmarks.inside.world CENTERS [FURTHER]`. `ours` and `bare` are slots with room for everybody, for either
app; `single` have one place each.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from appointments.models import Slot  # noqa: E402
from benchmarks.inside.booking import build, make_centers  # noqa: E402
from benchmarks.models import BareBooking  # noqa: E402
from centers.models import Center, CenterDay  # noqa: E402

SLOTS, ROOM, SINGLE = 400, 2_000, 20
AHEAD = timedelta(days=13)


def main(centers: int, further: int = 0) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(BareBooking)
    build(first=1, last=centers)
    if further:
        _copy_days(make_centers(centers + 1, centers + further))
    connection.cursor().execute("ANALYZE")
    middle = Center.objects.select_related("division").order_by("pk")[centers // 2]
    print(json.dumps({"pk": middle.pk, "code": middle.code, **_slots()}))


def _copy_days(centers: list[Center]) -> None:
    """All have the hours of the first center's next two weeks."""
    today = timezone.localdate()
    days = list(CenterDay.objects.filter(center=Center.objects.order_by("pk").first()).between(today, today + AHEAD))
    CenterDay.objects.bulk_create(
        (CenterDay(center=center, date=day.date, openings=day.openings) for center in centers for day in days),
        batch_size=2_000,
    )


def _slots() -> dict[str, list[int]]:
    later = Slot.objects.open().filter(starts_at__gt=timezone.now() + timedelta(days=3)).order_by("pk")
    step = max(1, later.count() // (2 * SLOTS + SINGLE))
    chosen = list(later.values_list("pk", flat=True))[::step]
    single, ours, bare = chosen[:SINGLE], chosen[SINGLE::2], chosen[SINGLE + 1 :: 2]
    Slot.objects.filter(pk__in=single).update(online_places=1)
    Slot.objects.filter(pk__in=[*ours[:SLOTS], *bare[:SLOTS]]).update(online_places=ROOM)
    return {"ours": ours[:SLOTS], "bare": bare[:SLOTS], "single": single}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
