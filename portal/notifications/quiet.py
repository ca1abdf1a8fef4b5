"""The hours in which nobody's phone should ring: pure."""

from datetime import datetime, time, timedelta


def end_of_quiet(local: datetime, starts: time, ends: time) -> datetime | None:
    """When the quiet that `local` lies in is over; None outside of it. Equal times mean that there is none.

    Takes and gives local, aware datetimes. The hours may cross midnight, as 20:30–8:00 does.
    """
    clock = local.time()
    over_midnight = starts > ends
    inside = (clock >= starts or clock < ends) if over_midnight else starts <= clock < ends
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and clock >= starts else local.date()
    return datetime.combine(day, ends, tzinfo=local.tzinfo)
