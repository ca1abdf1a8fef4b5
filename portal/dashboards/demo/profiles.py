"""Profiles of centers: population, bookings, quality of service."""

from dataclasses import dataclass
from datetime import time
from random import Random

from centers.models import Center, OpeningRule

MORNING, AFTERNOON = (time(8, 30), time(11, 30)), (time(14, 30), time(17, 30))
SUMMER = ("06-01", "09-30")
SUMMER_AFTERNOON = (time(15, 0), time(18, 0))
WORKDAYS, ALL_WEEK, SATURDAY = range(5), range(7), 5


@dataclass(frozen=True, slots=True)
class Profile:
    """`bookings` a day of opening; shares of the past ones; `care` shifts ratings and records up or down."""

    kind: str
    population: int
    bookings: float
    missed: float
    cancelled: float
    unrecorded: float
    care: float
    places: tuple[int, int]

    @property
    def listed(self) -> int:
        """Number of residents who have ever come or called."""
        return max(12, min(220, int(self.bookings * 9) + self.population // 40))


KINDS = {
    "star": ((1700, 2100), 21.0, 0.05, 0.07, 0.0, 1.0, (3, 2)),
    "lively": ((1500, 3200), 12.0, 0.06, 0.07, 0.01, 0.8, (3, 1)),
    "steady": ((600, 1500), 6.0, 0.07, 0.08, 0.02, 0.5, (2, 1)),
    "quiet": ((180, 700), 2.4, 0.10, 0.09, 0.05, 0.3, (2, 1)),
    "hollow": ((220, 480), 0.5, 0.25, 0.12, 0.30, -0.6, (1, 1)),
}


def profile(rng: Random, number: int) -> Profile:
    """The first center is the one that the demo's cadre runs, the third is nearly a hollow shell."""
    if number in (0, 2):
        kind = "star" if number == 0 else "hollow"
    else:
        kind = rng.choices(["lively", "steady", "quiet", "hollow"], [20, 48, 30, 2 if number > 24 else 0])[0]
    population, bookings, *shares = KINDS[kind]
    return Profile(kind, rng.randint(*population), bookings * rng.uniform(0.8, 1.2), *shares)


def opening_rules(rng: Random, center: Center, profile: Profile) -> list[OpeningRule]:
    if profile.kind == "hollow":
        return [_rule(center, profile, day, MORNING) for day in (0, 2, 4)]
    if profile.kind == "star":
        # Open every day, so that there is something to see on whichever day somebody looks.
        return [
            _rule(center, profile, day, part)
            for day in ALL_WEEK
            for part in ((time(8), time(12)), (time(13, 30), time(18)))
        ]
    rules = [_rule(center, profile, day, part) for day in WORKDAYS for part in (MORNING, AFTERNOON)]
    # A seasonal rule replaces the all-year ones of its weekday, so the morning is said again.
    rules += [_rule(center, profile, day, part, SUMMER) for day in WORKDAYS for part in (MORNING, SUMMER_AFTERNOON)]
    if rng.random() < 0.35:
        rules.append(_rule(center, profile, SATURDAY, MORNING))
    return rules


def _rule(center: Center, profile: Profile, weekday: int, part: tuple[time, time], season=("", "")) -> OpeningRule:
    return OpeningRule(
        center=center,
        weekday=weekday,
        opens=part[0],
        closes=part[1],
        season_start=season[0],
        season_end=season[1],
        online_places=profile.places[0],
        desk_places=profile.places[1],
    )
