"""Cutting opening periods into slots, and starts for long items: pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from appointments.slots.grid import STEP, Cell, cells, starts, steps_for


@dataclass
class Row:
    pk: int
    starts_at: datetime
    free: int = 1

    @property
    def ends_at(self):
        return self.starts_at + STEP


def clock(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-07T{text}:00+08:00")


def rows(*times: str, free: dict | None = None) -> list[Row]:
    return [Row(number, clock(text), (free or {}).get(text, 1)) for number, text in enumerate(times)]


def begins(slots, steps):
    return [f"{start.starts_at:%H:%M}×{start.free}" for start in starts(slots, steps, lambda slot: slot.free)]


@pytest.mark.parametrize(("minutes", "steps"), [(5, 1), (30, 1), (31, 2), (60, 2), (240, 8)])
def test_an_item_takes_as_many_slots_as_it_begins(minutes, steps):
    assert steps_for(minutes) == steps


def test_a_rest_shorter_than_a_slot_is_not_offered():
    made = cells([Cell(clock("08:30"), clock("09:45"), 2, 1)])
    assert [f"{cell.starts_at:%H:%M}" for cell in made] == ["08:30", "09:00"]


def test_every_slot_is_a_start_for_a_short_item():
    assert begins(rows("09:00", "09:30"), 1) == ["09:00×1", "09:30×1"]


def test_a_long_item_starts_only_where_enough_follows():
    assert begins(rows("09:00", "09:30", "10:00"), 2) == ["09:00×1", "09:30×1"]


def test_a_long_item_does_not_run_over_a_gap():
    assert begins(rows("11:00", "14:00", "14:30"), 2) == ["14:00×1"]


def test_a_start_has_as_many_places_as_its_fullest_slot():
    assert begins(rows("09:00", "09:30", free={"09:00": 5, "09:30": 2}), 2) == ["09:00×2"]


def test_no_slots_no_starts():
    assert starts([], 1, lambda slot: 1) == []


def test_a_slot_is_half_an_hour():
    assert timedelta(minutes=30) == STEP
