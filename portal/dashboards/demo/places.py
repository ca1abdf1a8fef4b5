"""The demo's divisions: an invented county, or imported ones."""

from collections.abc import Iterator
from datetime import date
from random import Random

from centers import codes
from centers.importing.spelling import spell
from centers.models import Division
from portal.dashboards.demo import naming
from portal.ui.errors import RuleBroken

SINCE = date(2020, 1, 1)
PROVINCE, PREFECTURE = "990000000000", "990100000000"
FIRST_TOWNSHIP = "990101100"
TOWNSHIPS_PER_COUNTY = 20


def invent(villages: int, seed: int) -> list[Division]:
    """Province, city, counties, townships and villages; returns the villages, the demo's own village first."""
    per_township = 8 if villages <= 160 else 25
    made = [_division(PROVINCE, "演示省"), _division(PREFECTURE, "演示市")]
    below: list[Division] = []
    for number in range(-(-villages // per_township)):
        county, place = divmod(number, TOWNSHIPS_PER_COUNTY)
        code = f"9901{county + 1:02d}"
        if not place:
            made.append(_division(code + "000000", naming.COUNTIES[county % len(naming.COUNTIES)]))
            rng = Random(f"{seed}:{code}")
            names, communities = iter(naming.villages(rng)), iter(naming.communities(rng))
        part, name = naming.township(place)
        made.append(_division(f"{code}{part}000", name))
        count = min(per_township, villages - number * per_township)
        below += _villages(f"{code}{part}", count, names, communities)
    Division.objects.bulk_create([*made, *below], batch_size=500)
    return below


def existing(under: str, villages: int | None) -> list[Division]:
    """The imported villages under a code. Raises RuleBroken `under` when there are none."""
    found = Division.objects.current().within(under).filter(level=Division.Level.VILLAGE).order_by("code")
    below = list(found[:villages] if villages else found)
    if not below:
        raise RuleBroken(f"No villages under {under}: run import_divisions first.", code="under")
    return below


def home_of_catalogue(village: Division, under: str | None) -> str:
    """The division that owns the catalogue: the county, or a higher one when the demo spans several."""
    county = codes.ancestors(village.code)[2]
    return under if under and codes.level_of(under) < Division.Level.COUNTY else county


def _villages(township: str, count: int, names: Iterator[str], communities: Iterator[str]) -> list[Division]:
    """A subdistrict has mostly residents' committees (0xx), a town mostly villagers' committees (2xx)."""
    urban = min(count, 5) if township[6:] < "100" else int(count > 3)
    here = [next(names) for _village in range(count - urban)]
    if township == FIRST_TOWNSHIP:
        here[0] = f"{naming.FIRST_VILLAGE}村村民委员会"
    made = [_division(f"{township}{201 + number}", name) for number, name in enumerate(here)]
    return made + [_division(f"{township}{1 + number:03d}", next(communities)) for number in range(urban)]


def _division(code: str, name: str) -> Division:
    pinyin, initials = spell(name)
    return Division(
        code=code, name=name, level=codes.level_of(code), pinyin=pinyin, initials=initials, valid_from=SINCE
    )
