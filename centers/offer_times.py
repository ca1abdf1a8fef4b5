"""Until when an offered place is kept. Pure."""

from datetime import datetime, time, timedelta

from portal.notifications.quiet import end_of_quiet

# Nobody can be asked to decide faster than this, so nothing is offered that late.
SHORTEST = timedelta(minutes=5)
# Who was offered something by night has read it by then.
MORNING = time(9)


def offer_ends(
    local: datetime, starts_at: datetime, *, minutes: int, lead: timedelta, quiet: tuple[time, time]
) -> datetime | None:
    """When an offer made at `local` (aware, local time) runs out; None when there is no time left for one.

    By day after so many minutes; in the quiet hours the clock starts in the morning, at nine. Never later than the
    time itself allows, less the lead that it takes to come.
    """
    woken = end_of_quiet(local, *quiet)
    begins = woken.replace(hour=MORNING.hour, minute=MORNING.minute) if woken and woken.time() < MORNING else woken
    ends = min((begins or local) + timedelta(minutes=minutes), starts_at - lead)
    return ends if ends - (woken or local) >= SHORTEST else None
