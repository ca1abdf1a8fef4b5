"""The strip of days and the times of the chosen day, shared by booking and moving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.catalog.models import ServiceItem
from appointments.slots import availability
from appointments.slots.availability import DayAvailability
from appointments.slots.grid import Start
from centers.models import Center
from centers.rules.reading import value
from portal.ui import params

FIRST_LOOK = 14


@dataclass(frozen=True, slots=True)
class Choice:
    """`day` is None when nothing can be booked on any day; `pending_from` as of availability.Days."""

    days: list[DayAvailability]
    day: date | None
    starts: list[Start]
    has_more: bool
    pending_from: date | None


def choose(
    center: Center, item: ServiceItem, query: Mapping[str, str], free_of=availability.online, full: bool = False
) -> Choice:
    """`query` may contain `day` (an ISO date) and `more`. A bad day falls back to the first free one. One SQL query.

    `free_of`: which places are counted, online ones or (availability.with_desk) also the desk's.
    `full`: fully booked days can be selected too, for the waiting list.
    """
    today = timezone.localdate()
    wanted = params.day(query.get("day"))
    last = value("BOOKING_HORIZON_DAYS", center.pk)
    ahead = (wanted - today).days if wanted else 0
    count = last if "more" in query or FIRST_LOOK <= ahead < last else min(FIRST_LOOK, last)
    found = availability.by_day(center, item, today, count, free_of=free_of)
    days = [availability.availability_of(day, starts) for day, starts in found.starts.items()]
    bookable = [summary.day for summary in days if summary.free]
    shown = [summary.day for summary in days if summary.offered] if full else bookable
    day = wanted if wanted in shown else next(iter(bookable or shown), None)
    return Choice(days, day, found.starts[day] if day else [], count < last, found.pending_from)


def for_page(
    choice: Choice,
    page_url: str,
    address_of: Callable[[Start], str],
    wait_at: Callable[[Start], str] | None = None,
    kept: str = "",
) -> dict:
    """The context of components/days.html and components/times.html; `wait_at` gives a full time's waiting-list URL.

    `kept`: a query (`draft=…`) that the addresses of the days keep.
    """
    more = ("" if choice.has_more else "&more=1") + (f"&{kept}" if kept else "")
    return {
        "day": choice.day,
        "days": [
            {
                "date": summary.day,
                "state": summary.level,
                "url": f"{page_url}?day={summary.day}{more}#times",
                "wait": wait_at is not None,
            }
            for summary in choice.days
        ],
        "parts": _parts(choice.starts, address_of, wait_at),
        "more_url": f"{page_url}?more=1{f'&{kept}' if kept else ''}" if choice.has_more else "",
        "pending_from": choice.pending_from,
    }


def _parts(
    starts: list[Start], address_of: Callable[[Start], str], wait_at: Callable[[Start], str] | None
) -> list[tuple[str, list[dict]]]:
    """The day's times by 上午, 下午 and 晚上; noon belongs to the afternoon."""
    parts = [(_("上午"), range(12)), (_("下午"), range(12, 18)), (_("晚上"), range(18, 24))]
    rows = [
        (name, [start for start in starts if timezone.localtime(start.starts_at).hour in hours])
        for name, hours in parts
    ]
    return [(name, [_time(start, address_of, wait_at) for start in found]) for name, found in rows if found]


def _time(start: Start, address_of: Callable[[Start], str], wait_at: Callable[[Start], str] | None) -> dict:
    wait = wait_at(start) if wait_at and not start.free else ""
    return {"starts_at": start.starts_at, "left": start.free, "url": address_of(start), "wait": wait}
