"""Fair rotation, pure: the calendar of 2026, and property-based with hypothesis."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from centers.calendars import days_between, national_day
from centers.duty.rota import BACKUP, LEADER, MAIN, OFFICE, ON_CALL, Day, Person, Tally, Turn, lay_out

HALVES = ("morning", "afternoon")


def month(year: int, number: int) -> list[Day]:
    """Open on workdays and make-up workdays, as a center's rules would have it."""
    first = date(year, number, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    kinds = [(day, national_day(day)[0]) for day in days_between(first, last)]
    return [Day(day, kind, HALVES if kind in ("workday", "make_up") else ()) for day, kind in kinds]


def people(number: int, leaders: int = 2) -> list[Person]:
    return [Person(pk, can_lead=pk <= leaders) for pk in range(1, number + 1)]


def days_of(turns: list[Turn], position: str) -> Counter:
    return Counter(person for person, _day in {(turn.person, turn.date) for turn in turns if turn.position == position})


def test_spring_festival_2026_is_on_call_from_the_15th_to_the_23rd():
    turns = lay_out(month(2026, 2), people(4), Tally())
    on_call = {turn.date.day for turn in turns if turn.kind == ON_CALL}
    assert set(range(15, 24)) <= on_call


def test_make_up_saturdays_are_office_days():
    turns = lay_out(month(2026, 2), people(4), Tally())
    assert {turn.kind for turn in turns if turn.date in (date(2026, 2, 14), date(2026, 2, 28))} == {OFFICE}


def test_an_ordinary_weekend_is_on_call():
    turns = lay_out(month(2026, 2), people(4), Tally())
    assert {turn.kind for turn in turns if turn.date == date(2026, 2, 7)} == {ON_CALL}


def test_each_open_half_day_has_a_leader_a_main_and_a_backup():
    turns = lay_out(month(2026, 12), people(4), Tally())
    morning = {turn.position for turn in turns if (turn.date, turn.part) == (date(2026, 12, 1), "morning")}
    assert morning == {LEADER, MAIN, BACKUP}


def test_who_has_the_morning_of_a_holiday_has_its_afternoon():
    turns = lay_out(month(2026, 2), people(5), Tally())
    mains = {(turn.date, turn.person) for turn in turns if turn.kind == ON_CALL and turn.position == MAIN}
    assert len(mains) == len({day for day, _person in mains})


def test_the_nine_days_of_spring_festival_are_shared_by_four_within_one():
    turns = lay_out(month(2026, 2), people(4), Tally())
    holidays = {date(2026, 2, day) for day in range(15, 24)}
    counts = days_of([turn for turn in turns if turn.date in holidays], MAIN)
    assert sorted(counts.values()) == [2, 2, 2, 3]


def test_whoever_had_fewest_before_comes_first():
    tally = Tally()
    for person in (1, 2, 3):
        tally.note("main:weekend", person, date(2026, 11, 1))
    turns = lay_out(month(2026, 12), people(4), tally)
    assert next(turn.person for turn in turns if turn.kind == ON_CALL and turn.position == MAIN) == 4


def test_of_equals_whoever_had_it_longest_ago_comes_first():
    tally = Tally()
    for person, day in ((1, 8), (2, 1), (3, 15)):
        tally.note("main:weekend", person, date(2026, 11, day))
    turns = lay_out(month(2026, 12), people(3, leaders=0), tally)
    assert next(turn.person for turn in turns if turn.kind == ON_CALL) == 2


def test_nobody_is_laid_out_while_on_leave():
    away = frozenset((date(2026, 12, day), part) for day in range(1, 16) for part in (*HALVES, "evening"))
    turns = lay_out(month(2026, 12), [*people(3), Person(4, away=away)], Tally())
    assert not [turn for turn in turns if turn.person == 4 and turn.date < date(2026, 12, 16)]


def test_what_is_fixed_stays_and_is_counted():
    fixed = [Turn(date(2026, 12, 5), part, ON_CALL, MAIN, 3) for part in HALVES]
    turns = lay_out(month(2026, 12), people(4), Tally(), fixed)
    assert set(fixed) <= set(turns)
    assert max(days_of([t for t in turns if t.kind == ON_CALL], MAIN).values()) <= 2


def test_laying_out_again_on_top_changes_nothing():
    once = lay_out(month(2026, 12), people(4), Tally())
    assert lay_out(month(2026, 12), people(4), Tally(), once) == once


def test_one_person_alone_sits_at_the_desk_and_leads_nobody():
    turns = lay_out(month(2026, 12), [Person(1, can_lead=True)], Tally())
    assert {turn.position for turn in turns} == {MAIN}


@given(
    number=st.integers(2, 9),
    first=st.dates(date(2024, 1, 1), date(2026, 10, 1)),
    length=st.integers(1, 92),
    leaders=st.integers(0, 9),
)
def test_where_nobody_is_away_two_people_never_differ_by_more_than_one(number, first, length, leaders):
    span = [first + timedelta(days=offset) for offset in range(length)]
    days = [
        Day(day, kind, HALVES if kind in ("workday", "make_up") else ())
        for day in span
        for kind in [national_day(day)[0]]
    ]
    turns = lay_out(days, people(number, leaders), Tally())
    kinds = {day.date: day.kind for day in days}
    office = Counter(turn.person for turn in turns if turn.kind == OFFICE and turn.position == MAIN)
    _assert_even(office, number)
    for kind in ("weekend", "holiday"):
        on_call = [turn for turn in turns if turn.kind == ON_CALL and kinds[turn.date] == kind]
        _assert_even(days_of(on_call, MAIN), number)


@given(
    st.integers(1, 7), st.sets(st.tuples(st.integers(1, 7), st.integers(1, 31), st.sampled_from(HALVES)), max_size=60)
)
def test_nobody_is_in_two_places_and_nobody_is_called_from_leave(number, away):
    absent = {pk: frozenset((date(2026, 12, day), part) for one, day, part in away if one == pk) for pk in range(1, 8)}
    turns = lay_out(month(2026, 12), [Person(pk, pk % 2 == 0, absent[pk]) for pk in range(1, number + 1)], Tally())
    spots = [(turn.person, turn.date, turn.part) for turn in turns]
    assert len(spots) == len(set(spots))
    assert not [turn for turn in turns if (turn.date, turn.part) in absent[turn.person]]


def _assert_even(counts: Counter, number: int) -> None:
    each = [counts[pk] for pk in range(1, number + 1)]
    assert max(each) - min(each) <= 1
