"""What happens to the demo's cases: each story ends today."""

from collections.abc import Sequence

# What happened, and how many workdays went by after it.
Story = Sequence[tuple[str, int]]
CHECKING: Story = [("open_some", 0)]
LACKING: Story = [("open_some", 1), ("notice", 0)]
VILLAGE: Story = [("open", 1)]
VILLAGE_LATE: Story = [("open", 9)]
WAITING: Story = [("open", 1), ("forward", 2)]
TOWNSHIP: Story = [("open", 2), ("forward", 2), ("take", 1)]
TOWNSHIP_LATE: Story = [("open", 2), ("forward", 3), ("take", 24)]
DEPARTMENT: Story = [("open", 1), ("forward", 2), ("take", 1), ("department", 4)]
CAME_BACK: Story = [("open", 2), ("forward", 1), ("take", 2), ("department", 5), ("back", 1)]
RETURNED: Story = [("open", 2), ("forward", 2), ("take", 1), ("return", 1)]
PAUSED: Story = [("open", 1), ("forward", 2), ("take", 1), ("pause", 3)]
TAKEN_OVER: Story = [("open", 1), ("take_over", 1)]
FETCH: Story = [("open", 2), ("forward", 3), ("take", 2), ("finish", 1)]
DONE: Story = [("open", 2), ("forward", 3), ("take", 3), ("finish", 1), ("hand_over", 4)]
DONE_OUTSIDE: Story = [("open", 1), ("forward", 2), ("take", 1), ("department", 6), ("finish", 2), ("hand_over", 9)]
DONE_AFTER_RETURN: Story = [
    ("open", 1),
    ("forward", 2),
    ("take", 1),
    ("return", 2),
    ("forward", 3),
    ("take", 2),
    ("finish", 2),
    ("hand_over", 6),
]
DONE_AT_ONCE: Story = [("open", 0), ("finish", 0), ("hand_over", 12)]
DONE_LATE: Story = [("open", 6), ("forward", 16), ("take", 15), ("finish", 2), ("hand_over", 5)]
REFUSED: Story = [("open", 2), ("forward", 3), ("take", 4), ("refuse", 7)]
WITHDRAWN: Story = [("open_some", 1), ("notice", 4), ("withdraw", 8)]

UNDER_WAY = [CHECKING, LACKING, VILLAGE, WAITING, TOWNSHIP, DEPARTMENT, CAME_BACK, RETURNED, PAUSED, TAKEN_OVER, FETCH]
LATE = [VILLAGE_LATE, TOWNSHIP_LATE]
OVER = [DONE, DONE, DONE, DONE_OUTSIDE, DONE_OUTSIDE, DONE_AFTER_RETURN, DONE, DONE_LATE, REFUSED, WITHDRAWN]
NUMBERS = {"star": 0, "lively": 14, "steady": 8, "quiet": 3, "hollow": 1}
