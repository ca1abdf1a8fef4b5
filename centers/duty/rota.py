"""Generates a duty roster by fair rotation, and its warnings. Pure: no models, no clock.

Office duty (坐班) in each half day in which the center is open; on-call duty (值班) on other weekends and holidays.
Each post goes to the person with the fewest turns of that category; ties go to whoever had one longest ago. So without
absences two people never differ by more than one turn. Source: holidays in turn, a leader on each duty, a backup
(带班、AB岗): docs/domain.md, Duty; the rest is our default.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from centers.days.half_days import AFTERNOON, MORNING, PARTS

OFFICE, ON_CALL = "office", "on_call"
LEADER, MAIN, BACKUP = "leader", "main", "backup"
POSITIONS = (LEADER, MAIN, BACKUP)
ON_CALL_PARTS = (MORNING, AFTERNOON)
Post = tuple[date, str, str, str]


@dataclass(frozen=True, slots=True)
class Day:
    """`kind` as in CalendarDay.Kind; `parts` are the half days in which the center is open."""

    date: date
    kind: str
    parts: tuple[str, ...] = ()

    @property
    def duty(self) -> tuple[str, tuple[str, ...]]:
        """(OFFICE or ON_CALL, half days); the half days are empty when there is no duty."""
        if self.parts:
            return OFFICE, self.parts
        return ON_CALL, ON_CALL_PARTS if self.kind in ("holiday", "weekend") else ()


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    can_lead: bool = False
    away: frozenset[tuple[date, str]] = frozenset()
    order: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    date: date
    part: str
    kind: str
    position: str
    person: int

    @property
    def post(self) -> Post:
        return self.date, self.part, self.kind, self.position


@dataclass(slots=True)
class Tally:
    """How many turns of each category a person had, and when the last one was."""

    counts: Counter = field(default_factory=Counter)
    last: dict = field(default_factory=dict)

    def note(self, category: str, person: int, day: date) -> None:
        self.counts[category, person] += 1
        self.last[category, person] = max(day, self.last.get((category, person), date.min))

    def pick(self, category: str, people: Iterable[Person]) -> Person | None:
        def burden(person: Person) -> tuple:
            key = (category, person.pk)
            return self.counts[key], self.last.get(key, date.min), person.order, person.pk

        return min(people, key=burden, default=None)


def lay_out(days: Iterable[Day], people: Sequence[Person], tally: Tally, fixed: Iterable[Turn] = ()) -> list[Turn]:
    """The turns of these days, including the fixed ones. `tally` holds earlier turns and is updated in place."""
    known: dict[date, list[Turn]] = defaultdict(list)
    for turn in fixed:
        known[turn.date].append(turn)
    turns: list[Turn] = []
    for day in sorted(days, key=lambda day: day.date):
        turns += _DayFiller(day, people, tally, known[day.date]).fill()
    return sorted(turns)


class _DayFiller:
    """Assigns the posts of one day."""

    def __init__(self, day: Day, people: Sequence[Person], tally: Tally, fixed: list[Turn]) -> None:
        self.day, self.people, self.tally = day, people, tally
        self.kind, self.parts = day.duty
        self.turns = {turn.post: turn for turn in fixed}
        for category, person in {(self._category(turn.kind, turn.position), turn.person) for turn in fixed}:
            times = 1 if self._by_day(category) else sum(self._is(turn, category, person) for turn in fixed)
            for _time in range(times):
                tally.note(category, person, day.date)

    def fill(self) -> list[Turn]:
        for part in self.parts:
            self._assign(part, MAIN)
        for part in self.parts:
            # With two people left there is a leader and a backup; with one, the backup matters more.
            if self.kind == ON_CALL or len(self._free(part)) > 1 or any(self._at(part, BACKUP)):
                self._assign(part, LEADER)
            if self.kind == OFFICE:
                self._assign(part, BACKUP)
        return list(self.turns.values())

    def _assign(self, part: str, position: str) -> None:
        post = (self.day.date, part, self.kind, position)
        if post in self.turns:
            return
        free = [person for person in self._free(part) if position != LEADER or person.can_lead]
        category = self._category(self.kind, position)
        had = {turn.person for turn in self.turns.values() if self._category(turn.kind, turn.position) == category}
        already = [person for person in free if person.pk in had] if self._by_day(category) else []
        # On-call duty and leading are whole-day turns: prefer a person who is present in all half days.
        all_day = [person for person in free if self._by_day(category) and self._is_there(person)]
        chosen = self.tally.pick(category, already or all_day or free)
        if chosen is None:
            return
        self.turns[post] = Turn(*post, chosen.pk)
        if not already:
            self.tally.note(category, chosen.pk, self.day.date)

    def _free(self, part: str) -> list[Person]:
        busy = {turn.person for turn in self.turns.values() if turn.part == part}
        here = (self.day.date, part)
        return [person for person in self.people if person.pk not in busy and here not in person.away]

    def _is_there(self, person: Person) -> bool:
        return not any((self.day.date, part) in person.away for part in self.parts)

    def _at(self, part: str, position: str) -> list[Turn]:
        return [turn for turn in self.turns.values() if turn.part == part and turn.position == position]

    def _is(self, turn: Turn, category: str, person: int) -> bool:
        return turn.person == person and self._category(turn.kind, turn.position) == category

    def _category(self, kind: str, position: str) -> str:
        return category_of(kind, position, self.day.kind)

    def _by_day(self, category: str) -> bool:
        return category not in (MAIN, BACKUP)


def category_of(kind: str, position: str, day_kind: str) -> str:
    """The category in which a turn is counted. Statutory holidays and weekends are counted separately."""
    if kind == OFFICE:
        return position
    return f"{position}:{'holiday' if day_kind == 'holiday' else 'weekend'}"


@dataclass(frozen=True, slots=True)
class Warning:
    """`code`: nobody, away, elsewhere, week or holidays; the page has the wording."""

    code: str
    day: date | None = None
    part: str = ""
    person: int | None = None
    number: int = 0


def warnings(
    days: Iterable[Day],
    turns: Sequence[Turn],
    people: Sequence[Person],
    *,
    a_week: int,
    above_mean: int,
    before: Counter | None = None,
    elsewhere: frozenset[tuple[int, date, str]] = frozenset(),
) -> list[Warning]:
    """Problems to show, none of which blocks: unstaffed half days, absences, double bookings, excessive load.

    `before` is each person's number of holidays in the year before these days.
    """
    by_pk = {person.pk: person for person in people}
    found = [
        Warning("nobody", day.date, part)
        for day in days
        for part in day.duty[1]
        if not _is_staffed(day, part, turns, by_pk)
    ]
    for turn in turns:
        if turn.person in by_pk and (turn.date, turn.part) in by_pk[turn.person].away:
            found.append(Warning("away", turn.date, turn.part, turn.person))
        if (turn.person, turn.date, turn.part) in elsewhere:
            found.append(Warning("elsewhere", turn.date, turn.part, turn.person))
    found.sort(key=lambda one: (one.day, PARTS.index(one.part), one.code))
    weeks = Counter((turn.person, turn.date.isocalendar()[:2]) for turn in turns if turn.position != LEADER)
    for (person, (year, week)), number in sorted(weeks.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        if number > a_week:
            found.append(Warning("week", date.fromisocalendar(year, week, 1), "", person, number))
    return found + _unfair(days, turns, people, above_mean, before or Counter())


def _is_staffed(day: Day, part: str, turns: Sequence[Turn], by_pk: dict[int, Person]) -> bool:
    return any(
        (turn.date, turn.part) == (day.date, part)
        and turn.position != LEADER
        and turn.person in by_pk
        and (day.date, part) not in by_pk[turn.person].away
        for turn in turns
    )


def _unfair(days, turns, people, above_mean: int, before: Counter) -> list[Warning]:
    holidays = {day.date for day in days if day.kind == "holiday"}
    had = {(turn.person, turn.date) for turn in turns if turn.date in holidays and turn.position == MAIN}
    counts = Counter({person.pk: before[person.pk] for person in people})
    counts.update(person for person, _day in had if person in counts)
    mean = sum(counts.values()) / len(counts) if counts else 0
    return [Warning("holidays", None, "", pk, number) for pk, number in counts.items() if number - mean > above_mean]
