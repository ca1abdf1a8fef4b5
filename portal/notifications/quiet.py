"""Quiet hours, in which no SMS or call is sent. Pure."""

from datetime import datetime, time, timedelta


def end_of_quiet(local: datetime, starts: time, ends: time) -> datetime | None:
    """The end of the quiet hours that contain `local`, else None. Equal times mean that there are none.

    Takes and returns aware local datetimes. The hours may cross midnight, like 20:30–8:00.
    """
    clock = local.time()
    over_midnight = starts > ends
    inside = (clock >= starts or clock < ends) if over_midnight else starts <= clock < ends
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and clock >= starts else local.date()
    return datetime.combine(day, ends, tzinfo=local.tzinfo)
