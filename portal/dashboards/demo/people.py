"""Generates residents: mostly old, households sharing a phone, some with a landline only."""

from random import Random

from centers.models import Division, Resident
from portal.dashboards.demo import naming

Listed = tuple[Resident, list[str]]


def residents(rng: Random, division: Division, count: int, numbers: naming.Numbers) -> list[Listed]:
    """Residents with the codes of their groups. A household shares a telephone."""
    made: list[Listed] = []
    while len(made) < count:
        landline = rng.random() < 0.06
        phone = f"0399-556{rng.randint(0, 9999):04d}" if landline else numbers.take()
        group = rng.choice(naming.VILLAGER_GROUPS)
        names: set[str] = set()
        for _member in range(rng.choices([1, 2, 3, 4], [58, 30, 8, 4])[0]):
            person = naming.person(rng)
            if person.name in names:
                continue
            names.add(person.name)
            made.append(
                (Resident(division=division, name=person.name, phone=phone, villager_group=group), _tags(rng, person))
            )
    return made[:count]


def _tags(rng: Random, person: naming.Person) -> list[str]:
    tags = ["elderly"] if person.age >= 60 else []
    if person.woman:
        tags.append("women")
    shares = [("disabled", 0.08), ("party-members", 0.07), ("talents", 0.03), ("veterans", 0.05), ("low-income", 0.09)]
    return tags + [code for code, share in shares if rng.random() < share]
