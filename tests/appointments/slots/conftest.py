"""The roster of the tests of duty."""

from tests.centers.duty.conftest import december, open_weekdays, team

__all__ = ["december", "open_weekdays", "team"]
