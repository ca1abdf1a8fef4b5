"""Typing in the State Council's yearly notice of holidays (放假安排): read, shown day by day, entered, undone."""
