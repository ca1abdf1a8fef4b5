"""Runs a job of settings.UPKEEP with something to do, for some seconds: `benchmarks.inside.upkeep JOB SECONDS`.

JOB `grow` adds centers that have opening hours, and neither days nor slots yet; SECONDS is how many.
"""

import sys
import time
from datetime import time as clock
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from benchmarks.inside.booking import make_centers  # noqa: E402
from centers.days import keeping  # noqa: E402
from centers.models import Center, OpeningRule  # noqa: E402

HOURS = {"opens": clock(8), "closes": clock(12), "online_places": 40, "desk_places": 10}


def main(job: str, number: int) -> None:
    if job == "grow":
        grow(number)
        return
    run, until = import_string(settings.UPKEEP[job]["run"]), time.monotonic() + number
    while True:
        if job == "renew-days":  # as after a holiday has been typed in
            keeping.mark_stale([timezone.localdate() + timedelta(days=day) for day in (9, 10, 11)])
        run()
        if time.monotonic() > until:
            return


def grow(number: int) -> None:
    there = Center.objects.count()
    centers = make_centers(there + 1, there + number)
    OpeningRule.objects.bulk_create(
        OpeningRule(center=center, weekday=day, **HOURS) for center in centers for day in range(7)
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
