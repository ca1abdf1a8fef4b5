"""A reference model of slots and appointments without a database, for test_state_machine.py."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from appointments.booking.models import Status
from appointments.models import Channel

MONDAY = date(2026, 12, 7)
HALF_HOUR = timedelta(minutes=30)
MORNING, NOON = (time(8, 30), time(10, 30)), (time(10, 30), time(11, 30))


def moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_current_timezone())


TIMES = [moment(MONDAY + timedelta(days=day), time(8, 30)) + step * HALF_HOUR for day in (0, 1) for step in range(6)]


@dataclass
class Room:
    """State of a slot in the model."""

    places: dict[str, int]
    is_open: bool = True
    taken: dict[str, int] = field(default_factory=lambda: {"online": 0, "desk": 0})


@dataclass
class Visit:
    """State of an appointment in the model."""

    person: int
    pools: list[str]
    steps: int
    size: int
    starts: datetime
    pool: str
    status: Status = Status.BOOKED
    late: bool = False

    def times(self, starts: datetime | None = None) -> list[datetime]:
        return [(starts or self.starts) + step * HALF_HOUR for step in range(self.steps)]

    @property
    def stands(self) -> bool:
        return self.status in Status.active()

    @property
    def occupies(self) -> bool:
        """A late arrival is served without a place."""
        return self.stands and not self.late


class Refused(Exception):
    def __init__(self, code: str):
        self.code = code


class Model:
    """Each `expect_…` does what the portal should do, or raises Refused with the code of the expected refusal."""

    def __init__(self) -> None:
        self.places = {"online": 2, "desk": 1}
        self.rooms: dict[datetime, Room] = {}
        self.visits: dict[int, Visit] = {}
        self.closed_days: set[int] = set()
        self.has_noon = False

    def make(self) -> None:
        """Synchronize the slots with hours and closures; occupied places stay."""
        for starts in TIMES:
            day = (starts.date() - MONDAY).days
            is_noon = timezone.localtime(starts).time() >= NOON[0]
            is_open = day not in self.closed_days and (not is_noon or (self.has_noon and day == 0))
            room = self.rooms.get(starts)
            if room is None and is_open:
                self.rooms[starts] = Room(dict(self.places))
            elif room:
                room.is_open = is_open
                if is_open:
                    room.places = {pool: max(room.taken[pool], self.places[pool]) for pool in room.places}

    def expect_booking(self, visit: Visit, channel: Channel) -> None:
        self.expect_run(visit, visit.starts, channel)
        self.expect_limit(visit, visit.starts)
        visit.pool = self.claim(visit, visit.times(), visit.pools)

    def expect_limit(self, visit: Visit, starts: datetime) -> None:
        own = [other for other in self.visits.values() if other.person == visit.person and other.stands]
        if sum(other.starts.date() == starts.date() for other in own) >= 3:
            raise Refused("person_limit")

    def expect_run(self, visit: Visit, starts: datetime, channel: Channel) -> None:
        if any(time not in self.rooms or not self.rooms[time].is_open for time in visit.times(starts)):
            raise Refused("slot_gone")
        by_staff = channel in Channel.by_staff()
        if by_staff and starts + HALF_HOUR < timezone.now():
            raise Refused("slot_too_soon")
        if not by_staff and starts < timezone.now() + HALF_HOUR:
            raise Refused("slot_too_soon")

    def claim(self, visit: Visit, times: list[datetime], pools: list[str]) -> str:
        """Claims them all, or changes nothing."""
        rooms = [self.rooms[time] for time in times]
        for pool in pools:
            if all(room.is_open and room.taken[pool] + visit.size <= room.places[pool] for room in rooms):
                if any(
                    other.person == visit.person and set(self.occupied(other)) & set(times)
                    for other in self.others(visit)
                ):
                    raise Refused("already_booked")
                for room in rooms:
                    room.taken[pool] += visit.size
                return pool
        raise Refused("slot_full")

    def give_back(self, visit: Visit, times: list[datetime]) -> None:
        for starts in times:
            self.rooms[starts].taken[visit.pool] -= visit.size

    def expect_cancelling(self, visit: Visit, by_center: bool) -> None:
        if visit.status == Status.CANCELLED:
            return
        before = visit.status == Status.BOOKED and timezone.now() < visit.starts
        if not before and not (by_center and visit.status == Status.BOOKED):
            raise Refused("not_changeable")
        if visit.occupies:
            self.give_back(visit, visit.times())
        visit.status = Status.CANCELLED

    def expect_moving(self, visit: Visit, starts: datetime) -> None:
        if visit.starts == starts and visit.status != Status.CANCELLED:
            return
        if visit.status != Status.BOOKED or timezone.now() >= visit.starts:
            raise Refused("not_changeable")
        channel = Channel.PHONE if "desk" in visit.pools else Channel.ONLINE
        self.expect_run(visit, starts, channel)
        if starts.date() != visit.starts.date():
            self.expect_limit(visit, starts)
        old, new = set(visit.times()), set(visit.times(starts))
        pool = self.claim(visit, sorted(new - old), [visit.pool] if old & new else visit.pools)
        self.give_back(visit, sorted(old - new))
        visit.starts, visit.pool = starts, pool

    def expect_arrive(self, visit: Visit) -> None:
        if visit.status not in (Status.ARRIVED, Status.SERVED):
            self.expect_status(visit, Status.BOOKED, Status.MISSED)
            self.expect_today(visit)
            visit.late = visit.status == Status.MISSED
            visit.status = Status.ARRIVED

    def expect_serve(self, visit: Visit) -> None:
        if visit.status != Status.SERVED:
            self.expect_status(visit, Status.BOOKED, Status.ARRIVED)
            self.expect_today(visit)
            visit.status = Status.SERVED

    def expect_miss(self, visit: Visit) -> None:
        if visit.status == Status.MISSED:
            return
        self.expect_status(visit, Status.BOOKED)
        if timezone.now() < visit.starts + timedelta(minutes=settings.DESK_GRACE_MINUTES):
            raise Refused("not_begun")
        self.give_back(visit, visit.times())
        visit.status = Status.MISSED

    def expect_undo(self, visit: Visit) -> None:
        if visit.starts.date() != timezone.localdate():
            raise Refused("too_late")
        if visit.status == Status.MISSED:
            self.claim(visit, visit.times(), [visit.pool])
            visit.status = Status.BOOKED
        elif visit.status == Status.SERVED:
            visit.status = Status.ARRIVED
        elif visit.status == Status.ARRIVED:
            visit.status, visit.late = Status.MISSED if visit.late else Status.BOOKED, False

    def expect_status(self, visit: Visit, *expected: Status) -> None:
        if visit.status not in expected:
            raise Refused("not_expected")

    def expect_today(self, visit: Visit) -> None:
        if visit.starts.date() > timezone.localdate():
            raise Refused("not_today")

    def others(self, visit: Visit) -> list[Visit]:
        return [other for other in self.visits.values() if other is not visit]

    def occupied(self, visit: Visit) -> list[datetime]:
        return visit.times() if visit.occupies else []
