"""Room for Python's calls, so that what a request costs does not depend on how deep it begins.

CPython keeps the frames of its calls in chunks of 16 KB. A call that no longer fits into the last one maps memory for
another, and its return gives it back. A loop that makes its calls just there pays for both in each turn: the booking
page met 500 page faults a request and took a third longer, or three times as long, according to how many frames the
server had put above it. CPython mends this in late releases of 3.13 and in 3.14 (gh-142183); there this is harmless.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

# In machine words. A frame that asks for more than a chunk gets one of the next power of two: here 512 KB, of which
# half is left for what it calls, fifteen hundred frames. What nobody touches takes no memory.
FRAME = 33_000

P = ParamSpec("P")
R = TypeVar("R")


def roomy(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, with all that it calls in one chunk."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=FRAME)
    return call
