"""Free times: by day, by start, and alternatives to a time that is full. One query each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from appointments.catalog import search
from appointments.catalog.models import ServiceItem
from appointments.slots.grid import Start, starts, steps_for
from appointments.slots.models import Slot, SlotGap
from centers import codes
from centers.calendars import days_between, national_day
from centers.models import CalendarDay, Center, Division
from centers.rules.reading import value
from portal.prepared import Prepared
from portal.ui.days import midnight

FEW = 3
ALTERNATIVES, LOOKED_AT = 3, 10


@dataclass(frozen=True, slots=True)
class DayAvailability:
    """One day: `offered` counts its start times, `free` the people who can still book."""

    day: date
    offered: int
    free: int

    @property
    def level(self) -> str:
        if not self.offered:
            return "closed"
        if not self.free:
            return "none"
        return "few" if self.free <= FEW else "plenty"


@dataclass(frozen=True, slots=True)
class Days:
    """Start times of each day, including empty days; `pending_from` is the first that the yearly notice may change."""

    starts: dict[date, list[Start]]
    pending_from: date | None


@dataclass(frozen=True, slots=True)
class Alternatives:
    same_center: list[Start] = field(default_factory=list)
    neighbours: list[tuple[Center, Start]] = field(default_factory=list)


class OpenSlot(NamedTuple):
    """A slot read for a page, as a tuple: a page reads a month of slots, and model instances take twice as long."""

    pk: int
    starts_at: datetime
    ends_at: datetime
    online_places: int
    online_taken: int
    desk_places: int
    desk_taken: int


class Place(NamedTuple):
    """Where another center is."""

    pk: int
    code: str
    longitude: Decimal | None
    latitude: Decimal | None


def online(slot: OpenSlot | Slot) -> int:
    return slot.online_places - slot.online_taken


def with_desk(slot: OpenSlot | Slot) -> int:
    """For staff. A party's places all come from one pool, so this is the larger remainder and not the sum."""
    return max(slot.online_places - slot.online_taken, slot.desk_places - slot.desk_taken)


def by_day(
    center: Center,
    item: ServiceItem,
    first: date,
    count: int = 14,
    now: datetime | None = None,
    free_of: Callable[[OpenSlot], int] = online,
) -> Days:
    """For a page that shows the days and the times of one of them. No slots, no `pending_from`."""
    zone, last = timezone.get_current_timezone(), first + timedelta(days=count - 1)
    found: dict[date, list[Start]] = {day: [] for day in days_between(first, last)}
    asked = _asked(center, item, first, count, now, free_of)
    # Asked only in a year that the published calendar does not know, since it makes the query slower.
    rows = _rows_of_days(**asked, first=first, last=last) if national_day(last).is_pending else _rows_of(**asked)
    fields = len(OpenSlot._fields)
    for start in starts([OpenSlot(*row[:fields]) for row in rows], steps_for(item.minutes), free_of):
        found[start.starts_at.astimezone(zone).date()].append(start)
    return Days(found, next(iter(rows[0][fields:]), None) if rows else None)


def availability_of(day: date, found: list[Start]) -> DayAvailability:
    return DayAvailability(day, len(found), sum(start.free for start in found))


def starts_on(
    center: Center,
    item: ServiceItem,
    day: date,
    now: datetime | None = None,
    free_of: Callable[[OpenSlot], int] = online,
) -> list[Start]:
    """The day's start times for an item, in order. Full ones are included with `free` 0, past ones are not."""
    return _starts(center, item, day, 1, now, free_of)


def start_at(center: Center, item: ServiceItem, slot: Slot) -> Start | None:
    """The item's beginning with that slot; None for a time that cannot be any more."""
    found = starts_on(center, item, timezone.localdate(slot.starts_at))
    return next((start for start in found if start.slot == slot.pk), None)


def starts_by_code(code: str, item: str, first: date, count: int, now: datetime | None = None) -> list[Start] | None:
    """`starts_on` for a center and an item given by their codes, over `count` days, in one query.

    Returns an empty list when there is no such center, None when the center has slots but does not offer the item.
    """
    start, end = midnight(first), midnight(first + timedelta(days=count))
    rows = _rows_by_code(
        item=item,
        **codes.line(code),
        code=code,
        start=max(start, _earliest(now, code)),
        end=end,
    )
    if not rows:
        return []
    needed = rows[0][-1]
    return None if needed is None else starts([OpenSlot(*row[:-1]) for row in rows], steps_for(needed), online)


@Prepared
def _rows_by_code(code: str, item: str, start: datetime, end: datetime, **division_codes: str):
    """Open slots, each row with the duration in minutes of the nearest version of the item."""
    minutes = ServiceItem.objects.offered_along(division_codes.values()).filter(code=item)
    return (
        Slot.objects.open()
        .exclude(pk__in=_unstaffed(item).filter(center__division__code=code))
        .filter(center__division__code=code, center__is_active=True)
        .between(start, end)
        .order_by("starts_at")
        .values_list(*OpenSlot._fields, Subquery(minutes.order_by("-division__code").values("minutes")[:1]))
    )


def alternatives(slot: Slot, item: ServiceItem, size: int = 1, now: datetime | None = None) -> Alternatives:
    """The nearest start times with room for the party: at this center within a week, at neighbours at the same time."""
    return Alternatives(nearest(slot, item, size, now), _neighbours(slot, item, size, now))


def nearest(
    slot: Slot, item: ServiceItem, size: int = 1, now: datetime | None = None, *, same: bool = False
) -> list[Start]:
    """The nearest start times with room for the party at the slot's center within a week, in order.

    Not the slot's own, unless `same`: what is looked for was at another center.
    """
    day = timezone.localdate(slot.starts_at)
    first = max(day - timedelta(days=3), timezone.localdate(now))
    found = _starts(Center(pk=slot.center_id), item, first, 10, now, online)
    nearby = [start for start in found if start.free >= size and (same or start.starts_at != slot.starts_at)]
    nearby.sort(key=lambda start: (abs(start.starts_at - slot.starts_at), start.starts_at))
    return sorted(nearby[:ALTERNATIVES], key=lambda start: start.starts_at)


def _neighbours(slot: Slot, item: ServiceItem, size: int, now: datetime | None) -> list[tuple[Center, Start]]:
    """Centers of the same township that handle the item and have room at exactly that time.

    Nearest first where coordinates are known. Each has its own version of the item, which may take longer.
    """
    [here] = [Place(*row) for row in _places(center=slot.center_id)]
    if codes.level_of(here.code) < Division.Level.TOWNSHIP or slot.starts_at < _earliest(now, slot.center_id):
        return []
    first, last = codes.span(codes.line(here.code)["township"])
    rows = _open_nearby(item=item.code, but=here.pk, first=first, last=last, starts_at=slot.starts_at)
    with_room = sorted((_distance(here, Place(*row)), row[0]) for *row, places, taken in rows if places - taken >= size)
    found: list[tuple[Center, Start]] = []
    for _how_far, pk in with_room[:LOOKED_AT]:
        [center] = _centers(pk=pk)
        theirs = search.find(item.code, center)
        same = starts_on(center, theirs, timezone.localdate(slot.starts_at), now) if theirs else []
        found += [(center, start) for start in same if start.starts_at == slot.starts_at and start.free >= size]
        if len(found) == ALTERNATIVES:
            break
    return found


@Prepared
def _places(center: int):
    return Center.objects.filter(pk=center).values_list("pk", "division__code", "longitude", "latitude")


@Prepared
def _centers(pk: int):
    return Center.objects.select_related("division").filter(pk=pk)


@Prepared
def _open_nearby(item: str, but: int, first: str, last: str, starts_at: datetime):
    """The Place of each other center in a range of codes that is open then, with its places online and those taken."""
    there = {"center__division__code__gte": first, "center__division__code__lte": last}
    return (
        Slot.objects.filter(**there, starts_at=starts_at, center__is_active=True)
        .open()
        .exclude(pk__in=_unstaffed(item).filter(**there))
        .exclude(center=but)
        .order_by("center_id")
        .values_list(
            *("center", "center__division__code", "center__longitude", "center__latitude"),
            *("online_places", "online_taken"),
        )
    )


def _distance(one: Place, other: Place) -> tuple[float, str]:
    if one.longitude is None or one.latitude is None or other.longitude is None or other.latitude is None:
        return (float("inf"), other.code)
    return (
        float((one.longitude - other.longitude) ** 2 + (one.latitude - other.latitude) ** 2),
        other.code,
    )


def _starts(center, item, first: date, count: int, now: datetime | None, free_of) -> list[Start]:
    rows = _rows_of(**_asked(center, item, first, count, now, free_of))
    return starts([OpenSlot(*row) for row in rows], steps_for(item.minutes), free_of)


def _asked(center, item, first: date, count: int, now: datetime | None, free_of) -> dict:
    start, end = midnight(first), midnight(first + timedelta(days=count))
    earliest = _earliest(now, center.pk) if free_of is online else (now or timezone.now()) - timedelta(minutes=30)
    return {"center": center.pk, "item": item.code, "start": max(start, earliest), "end": end}


@Prepared
def _rows_of(center: int, item: str, start: datetime, end: datetime):
    return _open_slots(center, item, start, end).values_list(*OpenSlot._fields)


@Prepared
def _rows_of_days(center: int, item: str, start: datetime, end: datetime, first: date, last: date):
    """Each row with the first of the days that awaits the yearly notice: a query of its own would cost a round trip."""
    pending = CalendarDay.objects.between(first, last).awaiting_notice().values("date")[:1]
    return _open_slots(center, item, start, end).values_list(*OpenSlot._fields, Subquery(pending))


def _open_slots(center: int, item: str, start: datetime, end: datetime) -> QuerySet:
    unstaffed = _unstaffed(item).filter(center=center)
    open_slots = Slot.objects.filter(center=center).open().exclude(pk__in=unstaffed).between(start, end)
    return open_slots.order_by("starts_at")


def _unstaffed(item: str) -> QuerySet:
    """Unstaffed slots of an item as a subquery; the caller filters it by center, so that it is evaluated once."""
    return SlotGap.objects.filter(item_code=item).values("slot")


def _earliest(now: datetime | None, center: int | str) -> datetime:
    return (now or timezone.now()) + timedelta(minutes=value("BOOKING_LEAD_MINUTES", center))
