"""The plain model's waiting list: who is in line, what is kept for whom, and what the clock does to it."""

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
    """What the model knows of an entry."""

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
class Kept:
    """What the model knows of a hold."""

    pool: str
    size: int
    turn: Turn | None
    made: datetime
    until: datetime


class WaitingModel(Model):
    def __init__(self) -> None:
        super().__init__()
        self.turns: dict[int, Turn] = {}
        self.kept: dict[datetime, list[Kept]] = {}

    def at(self, starts: datetime) -> list[Kept]:
        return self.kept.setdefault(starts, [])

    def give_back(self, visit: Visit, times: list[datetime]) -> None:
        for starts in times:
            self.free(starts, visit.pool, visit.size)

    def free(self, starts: datetime, pool: str, size: int) -> None:
        room, now = self.rooms[starts], timezone.now()
        wait = pool == "online" and starts > now + LEAD
        is_full = room.taken[pool] >= room.places[pool] and room.is_open and starts > now
        if (wait or any(turn.waits for turn in self.line(starts))) and is_full:
            self.at(starts).append(Kept(pool, size, None, now, now + (HELD_BACK if wait else timedelta(0))))
        else:
            room.taken[pool] -= size

    def line(self, starts: datetime) -> list[Turn]:
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
        theirs = [other for other in self.turns.values() if other.person == turn.person and not other.outcome]
        if sum(other.starts != turn.starts for other in theirs) >= 5:
            raise Refused("waiting_limit")
        if any(other.starts == turn.starts for other in theirs):
            raise Refused("one_person_waits_once_for_a_time")

    def is_there(self, turn: Turn) -> bool:
        times = set(turn.times())
        booked = any(set(self.held(visit)) & times for visit in self.visits.values() if visit.person == turn.person)
        return booked or any(kept.turn and kept.turn.person == turn.person for time in times for kept in self.at(time))

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
        times = [time for time in turn.times() if any(kept.turn is turn for kept in self.at(time))]
        for starts, kept in zip(times, self.take_back(turn), strict=True):
            self.free(starts, kept.pool, kept.size)

    def take_back(self, turn: Turn) -> list[Kept]:
        """Its holds in order of time; they are gone then, and the counters as before."""
        theirs = [kept for time in turn.times() for kept in self.at(time) if kept.turn is turn]
        for time in turn.times():
            self.kept[time] = [kept for kept in self.at(time) if kept.turn is not turn]
        return theirs

    # What the clock does

    def sweep(self) -> None:
        now = timezone.now()
        for turn in self.turns.values():
            if not turn.outcome and turn.ends and turn.ends <= now:
                self.end(turn, "lapsed")
        for turn in self.turns.values():
            if not turn.outcome and not self.rooms[turn.starts].is_open:
                self.end(turn, "closed")
        for turn in self.turns.values():
            if turn.waits and turn.starts <= now + turn.lead:
                self.end(turn, "over")
        for turn in self.turns.values():
            theirs = [visit for visit in self.visits.values() if visit.person == turn.person]
            if turn.waits and any(turn.starts in self.held(visit) for visit in theirs):
                self.end(turn, "left")
        for starts in [starts for starts in self.rooms if self.is_to_look_at(starts, now)]:
            self.pass_on(starts)

    def is_to_look_at(self, starts: datetime, now: datetime) -> bool:
        back = [kept for kept in self.at(starts) if kept.turn is None]
        in_line = any(turn.waits and turn.starts == starts for turn in self.turns.values())
        room = any(self.left(starts, pool) > 0 for pool in ("online", "desk"))
        is_ahead = self.rooms[starts].is_open and starts > now
        return any(kept.until <= now for kept in back) or (is_ahead and in_line and (room or bool(back)))

    def pass_on(self, starts: datetime) -> None:
        now = timezone.now()
        for turn in self.line(starts) if self.rooms[starts].is_open else []:
            if turn.waits and turn.size <= max(self.room(starts, pool) for pool in ("online", "desk")):
                self.offer(turn, starts, now)
        for kept in [kept for kept in self.at(starts) if kept.turn is None and kept.until <= now]:
            self.at(starts).remove(kept)
            self.rooms[starts].taken[kept.pool] -= kept.size

    def room(self, starts: datetime, pool: str) -> int:
        back = sum(kept.size for kept in self.at(starts) if kept.turn is None and kept.pool == pool)
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
            theirs = {time: self.theirs(turn, time, pool, now) for time in turn.times()}
            if all(
                sum(kept.size for kept in theirs[time]) + self.left(time, pool) >= turn.size for time in turn.times()
            ):
                for time in turn.times():
                    self.keep(turn, time, pool, theirs[time], now, ends)
                turn.ends = ends
                return

    def theirs(self, turn: Turn, time: datetime, pool: str, now: datetime) -> list[Kept]:
        back = [kept for kept in self.at(time) if kept.turn is None and kept.pool == pool]
        return [kept for kept in back if kept.until <= now or kept.made >= turn.joined]

    def keep(self, turn: Turn, time: datetime, pool: str, back: list[Kept], now: datetime, ends: datetime) -> None:
        missing = turn.size
        for kept in back:
            if missing > 0:
                self.at(time).remove(kept)
                if kept.size > missing:
                    self.at(time).append(Kept(pool, kept.size - missing, None, kept.made, kept.until))
                missing -= kept.size
        self.rooms[time].taken[pool] += max(missing, 0)
        self.at(time).append(Kept(pool, turn.size, turn, now, ends))
