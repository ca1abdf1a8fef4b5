"""Until when an offer from the waiting list holds. Pure."""

from datetime import datetime, time, timedelta

from portal.notifications.quiet import end_of_quiet

# Nothing is offered if less time is left to answer.
SHORTEST = timedelta(minutes=5)
# An offer made in the quiet hours is assumed to be read by then.
MORNING = time(9)


def offer_ends(
    local: datetime, starts_at: datetime, *, minutes: int, lead: timedelta, quiet: tuple[time, time]
) -> datetime | None:
    """When an offer made at `local` (aware, local time) expires; None when too little time is left for one.

    `minutes` after `local`, or after nine in the morning when made in the quiet hours; at the latest `lead` before
    the appointment `starts_at`.
    """
    woken = end_of_quiet(local, *quiet)
    begins = woken.replace(hour=MORNING.hour, minute=MORNING.minute) if woken and woken.time() < MORNING else woken
    ends = min((begins or local) + timedelta(minutes=minutes), starts_at - lead)
    return ends if ends - (woken or local) >= SHORTEST else None
