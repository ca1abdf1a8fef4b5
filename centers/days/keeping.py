"""Keeping CenterDay rows true: the only code that writes them, apart from proofs (centers.days.proof).

What changes one center calls `keep` in its own transaction. What changes many marks their days as stale, and the job
`renew-days` follows, a few centers at a time: it can be interrupted, and a bookable slot never waits long for it.

Lock order, for everybody who locks more than one of these: centers by id, their days, their slots by id. Never a
booking: cancelling and moving lock the booking first and its slots after it.
"""

import time
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.module_loading import import_string

from centers.days import months
from centers.days.computing import facts_of
from centers.days.models import FACTS
from centers.days.proof import gather
from centers.models import Center, CenterDay, OpeningRule, Roster
from centers.rules.reading import value
from portal import locking

# Centers in one transaction. On SQLite a transaction keeps every other writer waiting, so that it is short.
AT_ONCE = {"postgresql": 25, "sqlite": 1}


@transaction.atomic
def keep(centers: Iterable[Center], first: date | None = None, last: date | None = None) -> int:
    """Compute the days of these centers anew, and all that follows from them; returns how many changed. Idempotent.

    From today on: a past day is not rewritten by a later rule. Without `last`, to the last day that has a row
    (`horizons`). Rows are made only within that, and only for centers with opening hours.
    Each function of settings.DAY_FOLLOWERS gets the changed rows, in the same transaction.
    """
    today = timezone.localdate()
    centers = lock(centers)
    ends = horizons(centers)
    # Also where the last opening rule is gone: its days stay, and are closed.
    stored_to = CenterDay.objects.filter(center__in=centers).aggregate(last=Max("date"))["last"] or today
    first = max(first or today, today)
    last = min(last or date.max, max(stored_to, *ends.values(), today))
    if last < first:
        return 0
    rows = CenterDay.objects.between(first, last).filter(center__in=centers)
    stored = {(row.center_id, row.date): row for row in rows}
    changed, current = [], []
    for (center, day), facts in facts_of(centers, first, last).items():
        row = stored.get((center, day))
        if row is None:
            if day <= ends.get(center, date.min):
                changed.append(CenterDay(center_id=center, date=day, **facts))
        elif facts != {name: getattr(row, name) for name in FACTS}:
            changed.append(CenterDay(center_id=center, date=day, version=row.version + 1, **facts))
        elif row.is_stale:
            current.append(row.pk)
    # An upsert and no bulk_update, whose CASE WHEN of every column takes several times as long. It leaves the proofs.
    CenterDay.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["center", "date"],
        update_fields=[*FACTS, "version", "is_stale"],
        batch_size=500,
    )
    CenterDay.objects.filter(pk__in=current).update(is_stale=False)
    follow(changed)
    return len(changed)


def keep_one(center: Center, first: date | None = None, last: date | None = None) -> int:
    return keep([center], first, last)


@transaction.atomic
def fill_past(centers: Iterable[Center], first: date) -> int:
    """Insert the rows that past days lack, from `first` to yesterday, as today's rules say; returns how many.

    For a center that has just begun to store its days, and for demo data. Rows that stand are not rewritten.
    """
    centers, last = lock(centers), timezone.localdate() - timedelta(days=1)
    if last < first:
        return 0
    known = set(
        CenterDay.objects.between(first, last).filter(center__in=centers).order_by().values_list("center", "date")
    )
    new = [
        CenterDay(center_id=center, date=day, **facts)
        for (center, day), facts in facts_of(centers, first, last).items()
        if (center, day) not in known
    ]
    CenterDay.objects.bulk_create(new, batch_size=1000)
    return len(new)


def mark_stale(days: Collection[date]) -> None:
    """What these days are has changed for all centers; `renew` computes them anew. One short statement a day."""
    ahead = CenterDay.objects.filter(date__gte=timezone.localdate(), date__in=days)
    for day in ahead.order_by("date").values_list("date", flat=True).distinct():
        CenterDay.objects.filter(date=day).update(is_stale=True)


def renew(seconds: float = 600.0) -> int:
    """Job of settings.UPKEEP: compute stale days anew, some centers at a time, for at most so long. Can be resumed.

    Returns how many rows changed.
    """
    until, done = time.monotonic() + seconds, 0
    for centers in batches(list(_stale_centers())):
        stale = CenterDay.objects.stale().filter(center__in=centers).aggregate(first=Min("date"), last=Max("date"))
        if stale["first"]:
            done += keep(centers, stale["first"], stale["last"])
        if time.monotonic() >= until:
            break
    return done


def roll_on() -> int:
    """Job of settings.UPKEEP: rows for the days that have come within reach; all of them for a center without any.

    Such a center also gets the past days for which it has a roster, since they are judged (centers.duty.evidence).
    Returns how many rows are new.
    """
    today, done = timezone.localdate(), 0
    known = dict(CenterDay.objects.order_by().values_list("center").annotate(last=Max("date")))
    centers = list(Center.objects.order_by("pk"))
    ends = horizons(centers)
    short = [center for center in centers if known.get(center.pk, date.min) < ends.get(center.pk, date.min)]
    for batch in batches(short):
        first = min(known.get(center.pk, date.min) for center in batch)
        done += keep(batch, max(first, today))
    for batch in batches([center for center in short if center.pk not in known]):
        since = Roster.objects.filter(center__in=batch, published_at__isnull=False).aggregate(first=Min("month"))
        if since["first"]:
            done += fill_past(batch, since["first"])
        gather(batch, since["first"] or today, today)
    return done


def horizons(centers: Collection[Center]) -> dict[int, date]:
    """The last day with a row, by center id: so many days ahead, or the end of the last published roster.

    Centers without opening hours are missing: nothing is known of their days. Two queries.
    """
    ids = [center.pk for center in centers]
    today = timezone.localdate()
    open_somehow = OpeningRule.objects.filter(center__in=ids).order_by().values_list("center", flat=True).distinct()
    rosters = Roster.objects.filter(center__in=ids, published_at__isnull=False).order_by().values_list("center")
    ends = {center: months.ends(month) for center, month in rosters.annotate(last=Max("month"))}
    return {pk: max(today + timedelta(days=days_ahead(pk)), ends.get(pk, today)) for pk in open_somehow}


def days_ahead(center: int) -> int:
    return max(settings.DAYS_AHEAD, value("BOOKING_HORIZON_DAYS", center))


def lock(centers: Iterable[Center]) -> list[Center]:
    """Lock the centers' rows, in id order, and return them as they are now.

    Without it, two leaves agreed at the same time each see the other person on duty. FOR NO KEY UPDATE does not block
    bookings, whose foreign keys to the center need only FOR KEY SHARE.
    """
    pks = [center.pk for center in centers]
    locking.lock(Center, pks, no_key=True)
    return list(Center.objects.filter(pk__in=pks).order_by("pk"))


def stale_centers() -> int:
    """How many centers still wait for `renew`: its progress."""
    return _stale_centers().count()


def _stale_centers():
    return Center.objects.filter(pk__in=CenterDay.objects.stale().order_by().values("center")).order_by("pk")


def batches(centers: list[Center]) -> Iterator[list[Center]]:
    """As many centers as fit into one transaction."""
    size = AT_ONCE[connection.vendor]
    return (centers[at : at + size] for at in range(0, len(centers), size))


def follow(rows: list[CenterDay]) -> None:
    """All that follows from these days, in the same transaction, with their centers locked."""
    if rows:
        for path in settings.DAY_FOLLOWERS:
            import_string(path)(rows)
