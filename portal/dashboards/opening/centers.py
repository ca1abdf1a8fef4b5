"""Opening centers for many villages at once, and taking back those that nobody has used."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet

from appointments.booking.models import Appointment
from appointments.slots.models import Slot
from appointments.tickets.models import Ticket
from centers import access
from centers.days import keeping
from centers.models import (
    Center,
    ClosureNotice,
    Division,
    Membership,
    OpeningRule,
    Resident,
    Room,
    Roster,
    Staff,
)
from centers.services import default_hours
from portal import locking
from portal.accounts.models import User
from portal.accounts.roles import Permission

# Somebody waits for the answer; the job `roll-days-on` makes the days of the rest.
SOMEBODY_WAITS_SECONDS = 8.0
# How many are listed without choosing a township first.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """What is made for one village."""

    village: Division
    name: str
    hours: str


@dataclass(slots=True)
class TakenBack:
    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def without_center(user: User) -> QuerySet[Division]:
    """Villages in use for which the user may open a center, and which have none."""
    villages = Division.objects.current().filter(level=Division.Level.VILLAGE)
    standing = Center.objects.standing().filter(division=OuterRef("pk"))
    # A code that is another village's now can still be a center's, until that has gone elsewhere (Center.clean).
    same_code = Center.objects.standing().filter(division__code=OuterRef("code"))
    free = villages.filter(~Exists(standing), ~Exists(same_code))
    return access.bounded(free, "code", user, Permission.OPEN_CENTERS).order_by("code")


def plan(villages: Collection[Division]) -> list[Planned]:
    nearest = default_hours.nearest(villages)
    ours = default_hours.DefaultHours()
    return [Planned(one, name_of(one), nearest.get(one.pk, ours).words) for one in villages]


def name_of(village: Division) -> str:
    """As the centers' own signs say it: 柳湾村党群服务中心."""
    return f"{village.short_name}党群服务中心"


def open_for(*, villages: Collection[Division], by: User) -> list[Center]:
    """A center with the default hours for each of these villages that has none; returns the new ones. Idempotent.

    Their days and slots are made afterwards, some centers in a transaction.
    """
    with transaction.atomic():
        locking.lock(Division, [village.pk for village in villages], no_key=True)
        free = list(without_center(by).filter(pk__in=[village.pk for village in villages]))
        nearest, ours = default_hours.nearest(free), default_hours.DefaultHours()
        made = []
        for village in free:
            center = Center(division=village, name=name_of(village))
            center.full_clean()
            center.save(force_insert=True)
            OpeningRule.objects.bulk_create(nearest.get(village.pk, ours).rules_of(center))
            made.append(center)
    until = time.monotonic() + SOMEBODY_WAITS_SECONDS
    for batch in keeping.batches(made):
        if time.monotonic() < until:
            keeping.keep(batch)
    return made


def unused(user: User) -> QuerySet[Center]:
    """Centers within the user's reach with nothing of their own but hours, and nobody registered in their village."""
    centers = access.centers_for(user, Permission.OPEN_CENTERS)
    for rows in (Appointment, Ticket, Staff, Room, Roster, ClosureNotice):
        centers = centers.filter(~Exists(rows.objects.filter(center=OuterRef("pk"))))
    for rows in (Membership, Resident):
        centers = centers.filter(~Exists(rows.objects.filter(division=OuterRef("division"))))
    return centers.order_by("division__code")


def take_back(*, centers: Collection[Center], by: User) -> TakenBack:
    """Undo `open_for` for those that nobody has used; the others stay, and are named. Idempotent."""
    outcome = TakenBack()
    for pk in sorted(center.pk for center in centers):
        with transaction.atomic():
            for center in locking.all_locked(Center.objects.filter(pk=pk)):
                is_free = unused(by).filter(pk=pk).exists()
                (outcome.gone if is_free and _deleted(center) else outcome.kept).append(center.name)
    return outcome


def _deleted(center: Center) -> bool:
    """Whatever else points at it protects it: the database decides what counts as used."""
    try:
        with transaction.atomic():
            Slot.objects.filter(center=center).delete()
            center.delete()
    except ProtectedError:
        return False
    return True
