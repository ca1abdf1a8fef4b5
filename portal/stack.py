"""One chunk of CPython's frame stack for all calls of a request, so that calls never allocate memory for another one.

CPython allocates the frames of Python calls in chunks of 16 KB. A call that does not fit into the last one maps memory
for another (mmap), and its return unmaps it. A loop whose calls happen to cross that edge pays for both each time.

What it buys (`python -m benchmarks switches`, in turns, medians): at the worst depth the booking page takes 1.7 to
2.2 times as long without it, at the median of all depths 1.03 to 1.1 times. 500 page faults a request become 7.

Checked with Python 3.11.2, 3.11.7, 3.12.1 and 3.13.0, which all need it. CPython keeps a spare chunk from 3.13.13 and
3.14.4 on (gh-142183): there `NEEDED` is false, and nothing is wrapped. It relies on `co_stacksize` being the size of
a frame: if it is not, the wrapper does nothing, and tests/test_stack.py fails.
"""

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

NEEDED = sys.version_info < (3, 13, 13) or (3, 14) <= sys.version_info < (3, 14, 4)
# Machine words. A frame larger than a chunk gets a chunk of the next power of two: here 512 KB, of which half is left
# for about 1,500 frames of calls. Memory pages that are never touched take no memory.
FRAME = 33_000

P = ParamSpec("P")
R = TypeVar("R")


def in_one_chunk(function: Callable[P, R], is_needed: bool = NEEDED) -> Callable[P, R]:
    """Wraps `function`, so that the frames of all its calls are in one chunk."""
    if not is_needed:
        return function

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=FRAME)
    return call
