"""Where the demo lies: an invented county, or divisions that were imported before."""

from datetime import date
from random import Random

from centers import codes
from centers.importing.spelling import spell
from centers.models import Division
from portal.dashboards.demo import naming
from portal.ui.errors import RuleBroken

SINCE = date(2020, 1, 1)
PROVINCE, PREFECTURE = "990000000000", "990100000000"
FIRST_COUNTY = "990101000000"
TOWNSHIPS_PER_COUNTY = 20
COUNTIES = ["青禾县", "白榆县", "长川县", "河西县", "南岭县", "东坪县", "云台县", "石泉县", "金沟县", "柳城县"]


def invent(villages: int, seed: int) -> list[Division]:
    """Province, city, counties, townships and villages; returns the villages in code order of their counties."""
    per_township = 8 if villages <= 160 else 25
    townships = -(-villages // per_township)
    made = [_division(PROVINCE, "演示省"), _division(PREFECTURE, "演示市")]
    below: list[Division] = []
    for number in range(townships):
        county, place = divmod(number, TOWNSHIPS_PER_COUNTY)
        county_code = f"9901{county + 1:02d}"
        if not place:
            made.append(_division(county_code + "000000", COUNTIES[county % len(COUNTIES)]))
        part, name = naming.township(place)
        made.append(_division(f"{county_code}{part}000", name))
        count = min(per_township, villages - number * per_township)
        below += _villages(f"{county_code}{part}", count, Random(f"{seed}:{county_code}{part}"))
    Division.objects.bulk_create([*made, *below], batch_size=500)
    return below


def existing(under: str, villages: int | None) -> list[Division]:
    """Villages that were imported. Raises RuleBroken `under` where there are none."""
    found = Division.objects.current().within(under).filter(level=Division.Level.VILLAGE).order_by("code")
    below = list(found[:villages] if villages else found)
    if not below:
        raise RuleBroken(f"No villages under {under}: run import_divisions first.", code="under")
    return below


def home_of_catalogue(village: Division, under: str | None) -> str:
    """Where the catalogue stands: the county above, or higher when the demo was asked to span more."""
    county = codes.ancestors(village.code)[2]
    return under if under and codes.level_of(under) < Division.Level.COUNTY else county


def _villages(township: str, count: int, rng: Random) -> list[Division]:
    """A subdistrict has mostly residents' committees (0xx), the others villagers' committees (2xx)."""
    communities = min(count, 5 if township[6:] < "100" else 1 if count > 3 else 0)
    names = naming.villages(rng, count - communities)
    if township == FIRST_COUNTY[:6] + "100":
        names[0] = "柳湾村村民委员会"
    made = [_division(f"{township}{201 + number}", name) for number, name in enumerate(names)]
    quarters = rng.sample(naming.COMMUNITIES, communities)
    return made + [_division(f"{township}{1 + n:03d}", f"{name}社区居民委员会") for n, name in enumerate(quarters)]


def _division(code: str, name: str) -> Division:
    pinyin, initials = spell(name)
    return Division(
        code=code, name=name, level=codes.level_of(code), pinyin=pinyin, initials=initials, valid_from=SINCE
    )
