"""Invented names and numbers: of villages and of people, as they sound in the countryside."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

_LISTS: dict[str, str] = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
COMMUNITIES, TOWN_HEADS, COUNTIES, SURNAMES, OLD_WOMEN, OLD_MEN, YOUNGER, WITH_DOT, VILLAGER_GROUPS = (
    _LISTS[name].split()
    for name in (
        "communities",
        "town_heads",
        "counties",
        "surnames",
        "old_women",
        "old_men",
        "younger",
        "with_dot",
        "villager_groups",
    )
)
FIRST_VILLAGE = "柳湾"
FIRST_TOWNSHIPS = [("100", "柳溪镇"), ("001", "城南街道"), ("200", "云岭乡")]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    age: int
    woman: bool


def person(rng: Random, oldest: float = 0.62) -> Person:
    """`oldest` is the share of people over sixty, the majority of a center's visitors."""
    old = rng.random() < oldest
    age = min(97, int(rng.triangular(60, 95, 70))) if old else rng.randint(19, 59)
    woman = rng.random() < 0.54
    if rng.random() < 0.03:
        return Person(rng.choice(WITH_DOT), age, woman)
    given = (OLD_WOMEN if woman else OLD_MEN) if old else YOUNGER
    return Person(rng.choice(SURNAMES) + rng.choice(given), age, woman)


def villages(rng: Random) -> list[str]:
    """Unique village names for a county, in random order."""
    pairs = [head + tail for head in _LISTS["village_heads"] for tail in _LISTS["village_tails"]]
    pairs.remove(FIRST_VILLAGE)
    return [f"{pair}村村民委员会" for pair in rng.sample(pairs, len(pairs))]


def communities(rng: Random) -> list[str]:
    return [f"{name}社区居民委员会" for name in rng.sample(COMMUNITIES, len(COMMUNITIES))]


def township(number: int) -> tuple[str, str]:
    """Code part and name of a county's nth township; towns are 1xx, townships 2xx, subdistricts 0xx."""
    if number < len(FIRST_TOWNSHIPS):
        return FIRST_TOWNSHIPS[number]
    head = TOWN_HEADS[number % len(TOWN_HEADS)]
    return (f"{100 + number}", f"{head}镇") if number < len(TOWN_HEADS) else (f"{200 + number}", f"{head}乡")


class Numbers:
    """Mobile numbers that nobody has (13x 0000 xxxx), each given out once while there are enough."""

    PREFIXES = [*range(130, 140), *range(150, 160)]
    TOTAL = len(PREFIXES) * 10_000
    RESERVED = {"13800005678", "13900001234"}

    def __init__(self, start: int) -> None:
        self._next = start

    def take(self) -> str:
        while True:
            # A step coprime to the total visits every number before any repeats.
            at = self._next * 77_773 % self.TOTAL
            self._next += 1
            number = f"{self.PREFIXES[at // 10_000]}0000{at % 10_000:04d}"
            if number not in self.RESERVED:
                return number
