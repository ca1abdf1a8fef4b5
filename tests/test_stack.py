"""What a loop costs does not depend on how many calls stand above it."""

import resource
import sys
from collections.abc import Callable

import pytest

from portal.stack import roomy

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


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="mended in CPython itself")
def test_control_at_some_depth_each_turn_of_a_loop_maps_memory():
    assert max(below(depth, loop) for depth in DEPTHS) >= TURNS


def test_in_a_roomy_call_none_does_at_any_depth():
    within = roomy(below)
    assert max(within(depth, loop) for depth in DEPTHS) < TURNS // 4


def test_a_roomy_call_has_room_from_any_depth():
    assert max(below(depth, roomy(loop)) for depth in DEPTHS) < TURNS // 4


def test_arguments_results_and_errors_pass_through():
    assert roomy(divmod)(7, 2) == (3, 1)
    assert roomy(dict)(a=1) == {"a": 1}
    with pytest.raises(ZeroDivisionError):
        roomy(divmod)(1, 0)
