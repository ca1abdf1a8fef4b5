"""The reference model's waiting list: entries, holds, and expiry."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Channel
from tests.appointments.model import HALF_HOUR, Model, Refused, Room, Visit

HELD_BACK = timedelta(seconds=120)
LEAD, SHORTEST, OFFER, LONGEST = timedelta(minutes=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4)


@dataclass
class Turn:
    """State of an entry in the model."""

    person: int
    steps: int
    size: int
    starts: datetime
    channel: Channel
    joined: datetime
    ends: datetime | None = None
    outcome: str = ""

    @property
    def waits(self) -> bool:
        return not self.outcome and self.ends is None

    @property
    def lead(self) -> timedelta:
        return timedelta(0) if self.channel in Channel.by_staff() else LEAD

    def times(self) -> list[datetime]:
        return [self.starts + step * HALF_HOUR for step in range(self.steps)]

    def visit(self, pool: str = "") -> Visit:
        return Visit(self.person, booking.pools_for(self.channel), self.steps, self.size, self.starts, pool)


@dataclass
class ModelHold:
    """State of a hold in the model."""

    pool: str
    size: int
    turn: Turn | None
    made: datetime
    until: datetime


class WaitingModel(Model):
    def __init__(self) -> None:
        super().__init__()
        self.turns: dict[int, Turn] = {}
        self.holds: dict[datetime, list[ModelHold]] = {}

    def at(self, starts: datetime) -> list[ModelHold]:
        return self.holds.setdefault(starts, [])

    def give_back(self, visit: Visit, times: list[datetime]) -> None:
        for starts in times:
            self.free(starts, visit.pool, visit.size)

    def free(self, starts: datetime, pool: str, size: int) -> None:
        room, now = self.rooms[starts], timezone.now()
        wait = pool == "online" and starts > now + LEAD
        is_full = room.taken[pool] >= room.places[pool] and room.is_open and starts > now
        if (wait or any(turn.waits for turn in self.queue(starts))) and is_full:
            self.at(starts).append(ModelHold(pool, size, None, now, now + (HELD_BACK if wait else timedelta(0))))
        else:
            room.taken[pool] -= size

    def queue(self, starts: datetime) -> list[Turn]:
        return [turn for turn in self.turns.values() if starts - LONGEST < turn.starts <= starts]

    def left(self, starts: datetime, pool: str) -> int:
        room = self.rooms[starts]
        return room.places[pool] - room.taken[pool] if room.is_open else 0

    # What people do

    def expect_joining(self, turn: Turn) -> None:
        visit = turn.visit()
        self.expect_run(visit, turn.starts, turn.channel)
        rooms: list[Room] = [self.rooms[time] for time in turn.times()]
        if any(all(self.left(time, pool) >= turn.size for time in turn.times()) for pool in visit.pools):
            raise Refused("has_room")
        if not any(all(room.places[pool] >= turn.size for room in rooms) for pool in visit.pools):
            raise Refused("too_large")
        if self.is_there(turn):
            raise Refused("already_booked")
        own = [other for other in self.turns.values() if other.person == turn.person and not other.outcome]
        if sum(other.starts != turn.starts for other in own) >= 5:
            raise Refused("waiting_limit")
        if any(other.starts == turn.starts for other in own):
            raise Refused("one_person_waits_once_for_a_time")

    def is_there(self, turn: Turn) -> bool:
        times = set(turn.times())
        booked = any(set(self.occupied(visit)) & times for visit in self.visits.values() if visit.person == turn.person)
        return booked or any(hold.turn and hold.turn.person == turn.person for time in times for hold in self.at(time))

    def expect_accepting(self, turn: Turn) -> Visit:
        if turn.outcome or turn.ends is None or turn.ends <= timezone.now():
            raise Refused("not_offered" if turn.waits else "waiting_over")
        visit = turn.visit()
        self.expect_run(visit, turn.starts, turn.channel)
        self.expect_limit(visit, turn.starts)
        visit.pool = self.take_back(turn)[0].pool
        turn.outcome = "accepted"
        return visit

    def expect_ending(self, turn: Turn, outcome: str) -> None:
        if turn.outcome == outcome:
            return
        if turn.outcome or (outcome == "declined" and turn.ends is None):
            raise Refused("not_offered" if turn.waits else "waiting_over")
        self.end(turn, outcome)

    def end(self, turn: Turn, outcome: str) -> None:
        turn.outcome = outcome
        times = [time for time in turn.times() if any(hold.turn is turn for hold in self.at(time))]
        for starts, hold in zip(times, self.take_back(turn), strict=True):
            self.free(starts, hold.pool, hold.size)

    def take_back(self, turn: Turn) -> list[ModelHold]:
        """Its holds in order of time, removed; the counters stay."""
        own = [hold for time in turn.times() for hold in self.at(time) if hold.turn is turn]
        for time in turn.times():
            self.holds[time] = [hold for hold in self.at(time) if hold.turn is not turn]
        return own

    # Expiry

    def sweep(self) -> None:
        now = timezone.now()
        for turn in self.turns.values():
            if not turn.outcome and turn.ends and turn.ends <= now:
                self.end(turn, "lapsed")
        self.end_closed()
        for turn in self.turns.values():
            if turn.waits and turn.starts <= now + turn.lead:
                self.end(turn, "over")
        for turn in self.turns.values():
            own = [visit for visit in self.visits.values() if visit.person == turn.person]
            if turn.waits and any(turn.starts in self.occupied(visit) for visit in own):
                self.end(turn, "left")
        for starts in [starts for starts in self.rooms if self.is_to_look_at(starts, now)]:
            self.pass_on(starts)

    def make(self) -> None:
        super().make()
        self.end_closed()

    def end_closed(self) -> None:
        for turn in self.turns.values():
            if not turn.outcome and not self.rooms[turn.starts].is_open:
                self.end(turn, "closed")

    def is_to_look_at(self, starts: datetime, now: datetime) -> bool:
        back = [hold for hold in self.at(starts) if hold.turn is None]
        is_awaited = any(turn.waits and turn.starts == starts for turn in self.turns.values())
        room = any(self.left(starts, pool) > 0 for pool in ("online", "desk"))
        is_ahead = self.rooms[starts].is_open and starts > now
        return any(hold.until <= now for hold in back) or (is_ahead and is_awaited and (room or bool(back)))

    def pass_on(self, starts: datetime) -> None:
        now = timezone.now()
        for turn in self.queue(starts) if self.rooms[starts].is_open else []:
            if turn.waits and turn.size <= max(self.room(starts, pool) for pool in ("online", "desk")):
                self.offer(turn, starts, now)
        for hold in [hold for hold in self.at(starts) if hold.turn is None and hold.until <= now]:
            self.at(starts).remove(hold)
            self.rooms[starts].taken[hold.pool] -= hold.size

    def room(self, starts: datetime, pool: str) -> int:
        back = sum(hold.size for hold in self.at(starts) if hold.turn is None and hold.pool == pool)
        return self.left(starts, pool) + back

    def offer(self, turn: Turn, freed: datetime, now: datetime) -> None:
        ends = min(now + OFFER, turn.starts - turn.lead)
        visit = turn.visit()
        try:
            self.expect_run(visit, turn.starts, turn.channel)
            self.expect_limit(visit, turn.starts)
        except Refused:
            return
        if ends - now < SHORTEST or freed not in turn.times() or self.is_there(turn):
            return
        for pool in visit.pools:
            own = {time: self.own(turn, time, pool, now) for time in turn.times()}
            if all(sum(hold.size for hold in own[time]) + self.left(time, pool) >= turn.size for time in turn.times()):
                for time in turn.times():
                    self.keep(turn, time, pool, own[time], now, ends)
                turn.ends = ends
                return

    def own(self, turn: Turn, time: datetime, pool: str, now: datetime) -> list[ModelHold]:
        back = [hold for hold in self.at(time) if hold.turn is None and hold.pool == pool]
        return [hold for hold in back if hold.until <= now or hold.made >= turn.joined]

    def keep(self, turn: Turn, time: datetime, pool: str, back: list[ModelHold], now: datetime, ends: datetime) -> None:
        missing = turn.size
        for hold in back:
            if missing > 0:
                self.at(time).remove(hold)
                if hold.size > missing:
                    self.at(time).append(ModelHold(pool, hold.size - missing, None, hold.made, hold.until))
                missing -= hold.size
        self.rooms[time].taken[pool] += max(missing, 0)
        self.at(time).append(ModelHold(pool, turn.size, turn, now, ends))
