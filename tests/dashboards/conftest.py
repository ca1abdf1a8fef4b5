"""Fixtures of the duty tests."""

from tests.centers.duty.conftest import colleague, december, hers, open_weekdays, team

__all__ = ["colleague", "december", "hers", "open_weekdays", "team"]
