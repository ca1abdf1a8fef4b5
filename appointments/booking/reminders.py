"""Reminders: no rows until their hour. A periodic job plans them from the bookings that stand.

Each booking has at most one reminder at a time: the latest whose hour has come, of those that the rule REMINDERS of
its center names. After an outage it is planned late as long as the visit lies ahead; but never for an hour that was
over when the visit was booked or moved, because the slip has just said it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.conf import settings
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from appointments.booking import messages
from appointments.booking.displaced import expected
from appointments.booking.models import Appointment, Status
from centers.models import Center
from centers.people import consents
from centers.rules.reading import groups, value
from portal.notifications import quiet
from portal.notifications import services as notifications
from portal.notifications.keys import column_of
from portal.notifications.models import Message, State

# Rows are planned so long before they are due, so that the sweep delays none.
AHEAD = timedelta(minutes=5)
# The sweep that runs every minute looks back so far; the one for all, every five minutes, as far as a reminder reaches.
LATELY = timedelta(minutes=15)
# Without a row so long after its hour, a reminder is missing: `check_invariants`, /readyz and /metrics say so (F14).
MISSING_AFTER = timedelta(minutes=10)
ROWS_AT_ONCE = 500


class Hour(NamedTuple):
    """When a reminder is due, and its position in the rule REMINDERS, from 1."""

    due: datetime
    number: int


def sweep(at: datetime | None = None) -> int:
    """Job of settings.UPKEEP: plan what has just become due. Returns how many bookings."""
    now = at or timezone.now()
    return plan_due(now, since=now - LATELY)


def catch_up(at: datetime | None = None) -> int:
    """Job of settings.UPKEEP: plan all that is due for visits ahead, however late."""
    now = at or timezone.now()
    return plan_due(now, since=_earliest(now))


def plan_due(now: datetime, since: datetime) -> int:
    """Plan the reminders due after `since` and until shortly after `now`. Idempotent, safe to run concurrently."""
    return sum(_plan_group(*group, now, since) for group in _groups())


def _groups() -> list[tuple[list[int], QuerySet[Appointment]]]:
    """Minutes before a visit at which a reminder is due, and the standing bookings for which this is the rule."""
    return [(minutes, _standing().filter(where)) for minutes, where in groups("REMINDERS", "center__division__code")]


def _plan_group(before: list[int], standing: QuerySet[Appointment], now: datetime, since: datetime) -> int:
    hours = _hours_by_start(standing, before, now, since, now + AHEAD)
    if not hours:
        return 0
    pks = list(_without_row(standing, hours).order_by("starts_at", "pk").values_list("pk", flat=True))
    for first in range(0, len(pks), ROWS_AT_ONCE):
        rows = Appointment.objects.for_pages().filter(pk__in=pks[first : first + ROWS_AT_ONCE])
        planned = []
        for appointment in rows:
            # Moved since it was read: then it has another hour.
            if hour := hours.get(appointment.starts_at):
                planned += messages.reminder(appointment, hour.number, hour.due)
        notifications.plan(planned)
    return len(pks)


def unplanned(now: datetime, since: datetime | None = None) -> QuerySet[Appointment]:
    """Standing bookings whose reminder is MISSING_AFTER over its hour without a row; only hours after `since`."""
    found = []
    for before, standing in _groups():
        if hours := _hours_by_start(standing, before, now, since or _earliest(now), now - MISSING_AFTER):
            found.append(_without_row(standing, hours))
    if len(found) < 2:
        return found[0] if found else Appointment.objects.none()
    return Appointment.objects.filter(reduce(or_, [Q(pk__in=rows.values("pk")) for rows in found]))


def lately_unplanned(now: datetime) -> QuerySet[Appointment]:
    """For /readyz and /metrics, which are read often: of the last hour only."""
    return unplanned(now, since=now - MISSING_AFTER - timedelta(hours=1))


def ahead_of(appointment: Appointment, now: datetime) -> list[Hour]:
    """The reminders that are still to come if it stays as it is."""
    since = max(now, stands_since(appointment))
    before = value("REMINDERS", appointment.center_id)
    return [hour for hour in hours_of(appointment.starts_at, before) if hour.due > since]


def stands_since(appointment: Appointment) -> datetime:
    return appointment.moved_at or appointment.booked_at


def hours_of(starts_at: datetime, before: Sequence[int]) -> list[Hour]:
    """All reminders of a visit, so many minutes before it, by their hour. Two that quiet hours join are one."""
    local = timezone.localtime(starts_at)
    found = {}
    for number, minutes in enumerate(before[: len(messages.REMINDER_TAGS)], start=1):
        found[quiet.hour_before(local, timedelta(minutes=minutes), *settings.QUIET_HOURS)] = number
    return [Hour(due, number) for due, number in sorted(found.items())]


def _earliest(now: datetime) -> datetime:
    """No reminder of a visit that lies ahead was due before."""
    longest = max(max(before, default=0) for before, _where in groups("REMINDERS", "center__division__code"))
    return now - timedelta(minutes=longest) - timedelta(days=1)


def _hours_by_start(
    standing: QuerySet[Appointment], before: Sequence[int], now: datetime, since: datetime, until: datetime
) -> dict[datetime, Hour]:
    """For each start of a visit ahead: its latest reminder that is due by `until`, if that was after `since`."""
    ranges = reduce(
        or_, [Q(starts_at__gt=first, starts_at__lte=last) for first, last in _spans(before, since, until)], Q()
    )
    if not ranges:
        return {}
    starts = standing.filter(ranges, starts_at__gt=now).order_by().values_list("starts_at", flat=True).distinct()
    found = {}
    for start in starts:
        due = [hour for hour in hours_of(start, before) if hour.due <= until]
        if due and due[-1].due > since:
            found[start] = due[-1]
    return found


def _spans(before_visit: Sequence[int], since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Ranges of starts in which each visit with a reminder due in this time lies, among others.

    Quiet hours move a reminder by less than a day, to half an hour before they begin or to their end.
    """
    for minutes in before_visit:
        before = timedelta(minutes=minutes)
        yield since + before, until + before
        for day in range((until - since).days + 3):
            noon = timezone.localtime(since).replace(hour=12, minute=0) + timedelta(days=day - 1)
            begins, ends = _quiet_of(noon)
            if begins != ends and (since < begins - quiet.BEFORE <= until or since < ends <= until):
                yield begins + before - timedelta(microseconds=1), ends + before


def _quiet_of(noon: datetime) -> tuple[datetime, datetime]:
    """The quiet hours that begin on that day."""
    starts, ends = settings.QUIET_HOURS
    begins = noon.replace(hour=starts.hour, minute=starts.minute)
    ends_at = noon.replace(hour=ends.hour, minute=ends.minute)
    return begins, ends_at + timedelta(days=1) if starts > ends else ends_at


def _standing() -> QuerySet[Appointment]:
    """Booked ahead, and neither come nor cancelled. By center, because of the index."""
    rows = Appointment.objects.with_status(Status.BOOKED).booked_ahead()
    return rows.filter(center__in=Center.objects.values("pk"))


def _without_row(standing: QuerySet[Appointment], hours: dict[datetime, Hour]) -> QuerySet[Appointment]:
    """Of these starts: the bookings that stood before the hour and have no row of that reminder, nor a no to it.

    A withdrawn row is none: the booking was moved away and back, or a mark was undone.
    """
    stood = reduce(or_, [Q(starts_at=start, stands_since__lt=hour.due) for start, hour in hours.items()])
    about = {"subject": OuterRef("subject"), "kind": messages.REMINDER, "occasion": OuterRef("starts_at")}
    known = Q()
    for number in {hour.number for hour in hours.values()}:
        rows = Message.objects.filter(**about, number=number)
        starts = [start for start, hour in hours.items() if hour.number == number]
        known |= Q(Exists(rows), ~Exists(rows.filter(state=State.WITHDRAWN)), starts_at__in=starts)
    since = Coalesce("moved_at", F("booked_at"), output_field=DateTimeField())
    found = expected(standing.filter(starts_at__in=list(hours))).annotate(
        stands_since=since, subject=column_of("appointment")
    )
    return found.filter(stood).exclude(known).exclude(consents.is_refused(consents.Purpose.REMINDERS))
