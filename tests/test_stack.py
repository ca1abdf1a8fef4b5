"""The cost of a loop does not depend on the depth of the call stack."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.stack import NEEDED, in_one_chunk

TURNS = 200
# Frames above the loop: enough to cross several chunks of the interpreter's.
DEPTHS = range(300)


def leaf() -> None:
    pass


def loop() -> int:
    """How often the kernel had to map memory meanwhile."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(TURNS):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def below(depth: int, act: Callable[[], int]) -> int:
    return below(depth - 1, act) if depth else act()


def most_at_any_depth(function: Callable[[int, Callable], int], act: Callable[[], int]) -> int:
    """In a thread, which has a stack of its own: tests themselves run in one chunk."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: max(function(depth, act) for depth in DEPTHS)).result()


@pytest.mark.skipif(not NEEDED, reason="mended in CPython itself")
def test_control_at_some_depth_each_turn_of_a_loop_maps_memory():
    assert most_at_any_depth(below, loop) >= TURNS


def test_in_one_chunk_none_does_at_any_depth():
    assert most_at_any_depth(in_one_chunk(below), loop) < TURNS // 4


def test_a_chunk_is_large_enough_from_any_depth():
    assert most_at_any_depth(below, in_one_chunk(loop)) < TURNS // 4


@pytest.mark.skipif(not NEEDED, reason="mended in CPython itself")
def test_a_test_runs_in_one_chunk():
    """Or the whole run takes a fifth longer (pytest_configure in tests/conftest.py)."""
    assert max(below(depth, loop) for depth in DEPTHS) < TURNS // 4


def test_arguments_results_and_errors_pass_through():
    assert in_one_chunk(divmod)(7, 2) == (3, 1)
    assert in_one_chunk(dict)(a=1) == {"a": 1}
    with pytest.raises(ZeroDivisionError):
        in_one_chunk(divmod)(1, 0)


def test_where_python_needs_none_nothing_is_wrapped():
    assert in_one_chunk(loop, is_needed=False) is loop


@pytest.mark.django_db
@pytest.mark.parametrize("is_needed", [True, False])
def test_a_page_is_answered_with_it_and_without(client, is_needed):
    client.request = in_one_chunk(client.request, is_needed)
    assert "家门口" in client.get("/").content.decode()
