"""The roster of the tests of duty."""

from tests.centers.duty.conftest import december, hers, open_weekdays, team

__all__ = ["december", "hers", "open_weekdays", "team"]
