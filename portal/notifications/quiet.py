"""Quiet hours, in which no SMS or call is sent. Pure. Equal times mean that there are none.

All take and return aware local datetimes. The hours may cross midnight, like 20:30–8:00.
"""

from datetime import datetime, time, timedelta

# A message that cannot wait until the end of the quiet hours goes so long before they begin: at 20:00.
BEFORE = timedelta(minutes=30)
# How long before the event somebody has to know; our default.
NOTICE = timedelta(hours=1)


def quiet_around(local: datetime, starts: time, ends: time) -> tuple[datetime, datetime] | None:
    """Beginning and end of the quiet hours that contain `local`, else None."""
    clock = local.time()
    over_midnight = starts > ends
    inside = (clock >= starts or clock < ends) if over_midnight else starts <= clock < ends
    if not inside:
        return None
    first = local.date() - timedelta(days=1) if over_midnight and clock < ends else local.date()
    last = first + timedelta(days=1) if over_midnight else first
    return datetime.combine(first, starts, tzinfo=local.tzinfo), datetime.combine(last, ends, tzinfo=local.tzinfo)


def end_of_quiet(local: datetime, starts: time, ends: time) -> datetime | None:
    """The end of the quiet hours that contain `local`, else None."""
    around = quiet_around(local, starts, ends)
    return around[1] if around else None


def hour_before(event: datetime, before: timedelta, starts: time, ends: time) -> datetime:
    """When to remind of an event: `before` it, and outside of the quiet hours.

    A reminder that falls into them goes at their end, or half an hour before they begin if the event is before, or
    within an hour after, their end.
    """
    hour = event - before
    around = quiet_around(hour, starts, ends)
    if around is None:
        return hour
    begins, ends_at = around
    return begins - BEFORE if event <= ends_at + NOTICE else ends_at
