"""Duty (坐班, 值班): the month, one half day, one's own shifts, leave and swaps, and what villagers see of it."""
