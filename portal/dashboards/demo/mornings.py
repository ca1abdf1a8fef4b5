"""A later morning of a demo that keeps its data. Nobody was at its desk in between: the cadre catches up first."""

import contextlib
from datetime import datetime, timedelta

from appointments.booking.models import Appointment, Status
from appointments.desk import attendance
from centers.models import Center, Membership
from portal.accounts.models import User
from portal.ui.days import midnight
from portal.ui.errors import RuleBroken

WAIT = 3
LOOKS_BACK = timedelta(days=6)  # within what may be marked later (attendance.MAX_AGE)
EARLY, TOOK = timedelta(minutes=6), timedelta(minutes=14)


def begin(now: datetime) -> None:
    """At the cadre's center: whoever was booked until now came and was served, but three wait; some came early."""
    cadre = User.objects.filter(username="cadre").first()
    if cadre is None:
        return
    here = Center.objects.filter(division__in=Membership.objects.filter(user=cadre).values("division"))
    booked = Appointment.objects.with_status(Status.BOOKED).filter(center__in=here).order_by("starts_at", "pk")
    due = list(booked.filter(starts_at__gte=now - LOOKS_BACK, starts_at__lt=now))
    waiting = [one for one in due if one.starts_at >= midnight(now.date())][-WAIT:]
    to_come = booked.filter(starts_at__gte=now, starts_at__lt=midnight(now.date() + timedelta(days=1)))
    waiting += to_come[: WAIT - len(waiting)]
    for one in due:
        if one not in waiting:
            _serve(one, cadre, now)
    for number, one in enumerate(waiting):
        _arrive(one, cadre, now - (WAIT - number) * EARLY)


def _arrive(one: Appointment, cadre: User, at: datetime) -> None:
    with contextlib.suppress(RuleBroken):  # cancelled just now, or booked after it began: it stays as it is
        attendance.arrive(appointment=one, by=cadre, at=at)


def _serve(one: Appointment, cadre: User, now: datetime) -> None:
    with contextlib.suppress(RuleBroken):
        attendance.arrive(appointment=one, by=cadre, at=one.starts_at - EARLY)
        attendance.serve(appointment=one, by=cadre, at=min(one.starts_at + TOOK, now))
