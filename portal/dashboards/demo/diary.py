"""A center's slots and bookings, built in memory and stored by bulk INSERTs.

The counters of a slot are set beside the places that they count, by the same lines, as the booking
service would: what is released is not counted.
"""

import base64
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from random import Random

from django.utils import timezone

from appointments.booking.models import Appointment, Channel
from appointments.catalog.models import ServiceItem
from appointments.slots.grid import cells, steps_for
from appointments.slots.models import Place, Slot
from centers.days.hours import Hours
from centers.models import Center, Resident
from portal.accounts.models import User

PER_PERSON, PER_PHONE = 3, 6  # the booking rules' own defaults


@dataclass(frozen=True, slots=True)
class Run:
    """Slots in a row, and the pool in which all of them still have a place."""

    slots: list[Slot]
    pool: str


@dataclass(slots=True)
class Diary:
    center: Center
    staff: list[User]
    rng: Random
    pull: float = 0.2  # when most come: 0 as it opens, 1 as it closes
    days: dict[date, list[Slot]] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    _held: set[tuple[int, int]] = field(default_factory=set)
    _people: Counter = field(default_factory=Counter)
    _codes: set[str] = field(default_factory=set)

    def open(self, hours: Hours) -> None:
        for day, periods in hours.items():
            self.days[day] = [
                Slot(
                    center=self.center,
                    starts_at=cell.starts_at,
                    ends_at=cell.ends_at,
                    online_places=cell.online_places,
                    desk_places=cell.desk_places,
                )
                for cell in cells(periods)
            ]

    @property
    def slots(self) -> list[Slot]:
        return [slot for slots in self.days.values() for slot in slots]

    def room_for(
        self, day: date, item: ServiceItem, resident: Resident, channel: str, at: int | None = None
    ) -> Run | None:
        """A start on that day with room, `at` that slot or where people like to come; None when full."""
        slots = self.days.get(day, [])
        steps = steps_for(item.minutes)
        last = len(slots) - steps
        if last < 0 or self._over_limit(day, resident):
            return None
        first = min(at, last) if at is not None else min(int(self.rng.triangular(0, last + 1, last * self.pull)), last)
        run = slots[first : first + steps]
        unbroken = all(before.ends_at == after.starts_at for before, after in pairwise(run))
        if not unbroken or any((id(slot), id(resident)) in self._held for slot in run):
            return None
        pools = ["online", "desk"] if channel in Channel.by_staff() else ["online"]
        return next((Run(run, pool) for pool in pools if all(_free(slot, pool) for slot in run)), None)

    def write(
        self, run: Run, item: ServiceItem, resident: Resident, channel: str, booked_at: datetime, **more
    ) -> Appointment:
        """Put the booking down; its places count unless `cancelled_at` or `missed_at` has given them back."""
        appointment = Appointment(
            center=self.center,
            item=item,
            resident=resident,
            starts_at=run.slots[0].starts_at,
            ends_at=run.slots[-1].ends_at,
            code=self._code(),
            link=base64.urlsafe_b64encode(self.rng.randbytes(16)).rstrip(b"=").decode(),
            key=f"demo-{self.rng.getrandbits(128):032x}",
            channel=channel,
            phone=more.pop("phone", resident.phone),
            booked_at=booked_at,
            booked_by=self.rng.choice(self.staff) if channel in Channel.by_staff() else None,
            **more,
        )
        released_at = appointment.cancelled_at or appointment.missed_at
        for slot in run.slots:
            self.places.append(
                Place(slot=slot, appointment=appointment, resident=resident, pool=run.pool, released_at=released_at)
            )
            if released_at is None:
                setattr(slot, f"{run.pool}_taken", getattr(slot, f"{run.pool}_taken") + 1)
                self._held.add((id(slot), id(resident)))
        if not released_at:
            day = timezone.localdate(appointment.starts_at)
            self._people.update([(day, id(resident)), (day, resident.phone)])
        self.appointments.append(appointment)
        return appointment

    def _over_limit(self, day: date, resident: Resident) -> bool:
        return self._people[day, id(resident)] >= PER_PERSON or self._people[day, resident.phone] >= PER_PHONE

    def _code(self) -> str:
        while (code := str(self.rng.randint(100_000, 999_999))) in self._codes:
            pass
        self._codes.add(code)
        return code


def _free(slot: Slot, pool: str) -> bool:
    return getattr(slot, f"{pool}_taken") < getattr(slot, f"{pool}_places")


def store(diaries: Iterable[Diary]) -> None:
    diaries = list(diaries)
    Slot.objects.bulk_create([slot for diary in diaries for slot in diary.slots], batch_size=1000)
    Appointment.objects.bulk_create([row for diary in diaries for row in diary.appointments], batch_size=1000)
    Place.objects.bulk_create([place for diary in diaries for place in diary.places], batch_size=1000)


def by_day(appointments: Iterable[Appointment]) -> dict[date, list[Appointment]]:
    found: dict[date, list[Appointment]] = defaultdict(list)
    for appointment in appointments:
        found[timezone.localdate(appointment.starts_at)].append(appointment)
    return found
