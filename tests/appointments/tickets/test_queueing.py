"""Queue order and wait estimates: pure, no database, no clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appointments.tickets import order
from appointments.tickets.order import FIRST_IN_A_ROW, RecentCalls, Turn, Wait, Waiting, WalkInShare

NINE = datetime(2026, 12, 3, 9, tzinfo=UTC)
GRACE = timedelta(minutes=10)
SHARE = WalkInShare(booked=3, walk_ins=1)


def minutes(number: int) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=number)


def walk_in(pk: int, since: int, **more) -> Waiting:
    return Waiting(pk, minutes(since), **more)


def booked(pk: int, due: int, since: int | None = None, **more) -> Waiting:
    return Waiting(pk, minutes(due - 5 if since is None else since), minutes(due), **more)


def called(
    *waiting: Waiting, now: int = 60, share: WalkInShare = SHARE, recent: RecentCalls = RecentCalls()
) -> list[int]:
    return [one.pk for one in order.queue(waiting, minutes(now), share, GRACE, recent)]


def test_those_whose_time_has_come_go_in_order_of_their_time():
    assert called(booked(1, 30), booked(2, 0), booked(3, 15, since=-30)) == [2, 3, 1]


def test_walk_ins_go_in_order_of_coming():
    assert called(walk_in(1, 20), walk_in(2, 10)) == [2, 1]


def test_a_walk_in_has_a_turn_after_as_many_booked_as_the_time_holds():
    assert called(*(booked(pk, pk) for pk in range(1, 6)), walk_in(9, 0)) == [1, 2, 3, 9, 4, 5]


def test_what_was_called_before_counts():
    recent = RecentCalls.of([Turn.WALK_IN, Turn.BOOKED, Turn.BOOKED, Turn.BOOKED])
    assert called(booked(1, 0), walk_in(2, 0), recent=recent) == [2, 1]


def test_where_more_is_reserved_for_walk_ins_they_take_turns():
    assert called(booked(1, 0), booked(2, 0), walk_in(8, 0), walk_in(9, 1), share=WalkInShare(1, 2)) == [1, 8, 2, 9]


def test_where_nothing_is_reserved_for_walk_ins_they_come_after_the_booked():
    assert called(walk_in(9, 0), booked(1, 0), booked(2, 1), share=WalkInShare(2, 0)) == [1, 2, 9]


def test_who_has_priority_goes_first():
    assert called(booked(1, 0), walk_in(2, 30, first=True)) == [2, 1]


def test_after_three_with_priority_somebody_else_has_a_turn():
    assert called(*(walk_in(pk, pk, first=True) for pk in range(5)), walk_in(9, 0)) == [0, 1, 2, 9, 3, 4]


def test_who_comes_early_waits_for_their_time():
    assert called(booked(1, 90, since=0), walk_in(2, 50)) == [2, 1]


def test_who_comes_early_is_called_when_nobody_else_waits():
    assert called(booked(1, 90, since=0), booked(2, 75, since=30)) == [2, 1]


def test_priority_does_not_bring_anybody_before_their_time():
    assert called(booked(1, 90, since=0, first=True), walk_in(2, 50)) == [2, 1]


def test_who_comes_late_joins_those_who_walked_in_from_their_arrival():
    late = booked(1, 0, since=40)
    assert called(late, walk_in(2, 30), booked(3, 20)) == [3, 2, 1]


def test_within_the_time_of_grace_nobody_is_late():
    assert called(booked(1, 0, since=10), walk_in(2, -30)) == [1, 2]


crowds = st.lists(
    st.builds(
        lambda since, due, first: (since, due, first),
        st.integers(-60, 120),
        st.none() | st.integers(-60, 120),
        st.booleans(),
    ),
    max_size=40,
).map(
    lambda people: [
        Waiting(pk, minutes(since), None if due is None else minutes(due), first)
        for pk, (since, due, first) in enumerate(people)
    ]
)
shares = st.builds(WalkInShare, st.integers(0, 9), st.integers(1, 9))
recents = st.builds(RecentCalls, st.integers(0, 9), st.integers(0, 9))


@given(crowds, shares, recents)
def test_everybody_is_called_once(crowd, share, recent):
    assert sorted(called(*crowd, share=share, recent=recent)) == [one.pk for one in crowd]


@given(crowds, shares, recents)
def test_nobody_is_called_before_one_of_the_same_kind_who_came_first(crowd, share, recent):
    order = called(*crowd, share=share, recent=recent)
    walked = [one for one in crowd if one.turn(minutes(60), GRACE) == Turn.WALK_IN]
    assert [pk for pk in order if pk in {one.pk for one in walked}] == [
        one.pk for one in sorted(walked, key=lambda one: (one.since, one.pk))
    ]


@given(crowds, shares, recents)
def test_a_walk_in_is_never_passed_over_for_ever(crowd, share, recent):
    """The first walk-in is called after at most the share's number of booked people, and priorities between them."""
    order = called(*crowd, share=share, recent=recent)
    turns = {one.pk: one.turn(minutes(60), GRACE) for one in crowd}
    first = next((place for place, pk in enumerate(order) if turns[pk] == Turn.WALK_IN), None)
    if first is not None:
        assert first <= (share.booked_in_a_row + 1) * (FIRST_IN_A_ROW + 1)


@given(crowds, shares, recents)
def test_calling_one_by_one_gives_the_order_that_was_promised(crowd, share, recent):
    """The estimate uses the same order in which people are then called."""
    promised, waiting, one_by_one = called(*crowd, share=share, recent=recent), list(crowd), []
    while waiting:
        following = order.queue(waiting, minutes(60), share, GRACE, recent)[0]
        recent = recent.then(following.turn(minutes(60), GRACE))
        waiting.remove(following)
        one_by_one.append(following.pk)
    assert one_by_one == promised


def test_the_wait_is_a_range_in_steps_of_five_minutes():
    assert order.wait(4, 6.0, 1) == Wait(4, 15, 35)


def test_two_windows_halve_it():
    assert order.wait(4, 10.0, 2).most == 30


def test_with_a_free_window_and_nobody_ahead_it_is_at_once():
    assert order.wait(0, 10.0, 1).is_now


def test_with_nobody_ahead_and_no_free_window_it_is_not():
    assert order.wait(0, 10.0, 1, at_desk=1) == Wait(0, 0, 10)


def test_without_a_basis_nobody_can_say():
    assert order.wait(4, None, 1) == Wait(4, None, None)


@given(st.integers(0, 200), st.floats(0.5, 120), st.integers(0, 9), st.integers(0, 9))
def test_the_range_holds_what_the_mean_gives(ahead, each, windows, at_desk):
    found = order.wait(ahead, each, windows, at_desk)
    mean = (ahead + min(at_desk, max(windows, 1)) / 2) * each / max(windows, 1)
    assert found.is_now or found.least <= mean <= found.most
    assert found.least % 5 == found.most % 5 == 0


def test_what_people_took_lately_counts_once_enough_came():
    assert order.minutes_each([5, 7, 9], [30]) == 7
    assert order.minutes_each([5, 7], [30, 20]) == 25
    assert order.minutes_each([5, 7], []) is None
