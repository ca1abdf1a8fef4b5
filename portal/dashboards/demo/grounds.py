"""Generates a center: address, phone, rooms and staff."""

from decimal import Decimal
from random import Random

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from centers.models import Center, Division, Membership, Room
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dashboards.demo import naming
from portal.dashboards.demo.profiles import Profile

# Name, seats, and the codes of the preset functions that the room has.
ROOMS = [
    ("便民服务大厅", 20, ["service-hall"]),
    ("党员活动室", 40, ["party-room", "civic-practice"]),
    ("议事调解室", 12, ["council-room", "safety"]),
    ("农家书屋", 16, ["library", "children"]),
    ("日间照料室", 15, ["day-care"]),
    ("卫生室", 8, ["clinic"]),
    ("快递点", 4, ["parcels", "emergency-store"]),
    ("文体广场", 120, ["square"]),
]
WAYS = [
    "村口小卖部往里走约100米，挂国旗的院子就是。",
    "从镇上坐2路乡村公交到村委会站，下车就到。",
    "老学校旁边，门口有两棵大槐树。",
    "进村水泥路走到头，卫生室对面。",
    "文化广场北边的平房，进门右手是服务大厅。",
]
STREETS = ["中街", "前街", "东街", "学校路", "文化广场旁", "村口大路"]
# In the middle of a desert, where no real village will be taken for an invented one.
WEST, SOUTH = 88.40, 39.20


def center(rng: Random, division: Division, number: int, profile: Profile) -> Center:
    township = number // 8
    east, north = township % 60 * 0.12 + rng.uniform(0, 0.09), township // 60 * 0.12 + rng.uniform(0, 0.09)
    return Center(
        division=division,
        name=f"{division.short_name}党群服务中心",
        address=f"{division.short_name}{rng.choice(STREETS)}{rng.randint(1, 88)}号",
        directions=rng.choice(WAYS),
        phone=f"0399-555{number % 10_000:04d}",
        longitude=Decimal(f"{WEST + east:.6f}"),
        latitude=Decimal(f"{SOUTH + north:.6f}"),
        resident_population=profile.population,
    )


def rooms(rng: Random, center: Center, profile: Profile) -> list[tuple[Room, list[str]]]:
    """Rooms with the codes of what they are for; a small village has fewer, each for more."""
    count = {"star": 8, "lively": 7, "steady": 5, "quiet": 3, "hollow": 3}[profile.kind]
    return [
        (
            Room(
                center=center, name=name, seats=seats, area=Decimal(seats * 2 + rng.randint(5, 20)), is_public=seats > 8
            ),
            uses,
        )
        for name, seats, uses in ROOMS[:count]
    ]


def staff(rng: Random, division: Division, profile: Profile) -> list[tuple[User, Role, str]]:
    """A manager and one to three agents, who cannot sign in: the demo's own logins can."""
    roles = [(Role.MANAGER, "村党组织书记"), (Role.PROXY_AGENT, "代办员"), (Role.PROXY_AGENT, "便民服务专干")]
    roles = roles[: {"hollow": 1, "quiet": 2}.get(profile.kind, 3)]
    return [
        (
            User(
                username=f"demo-{division.code}-{number}",
                name=naming.person(rng, oldest=0.1).name,
                password=f"{UNUSABLE_PASSWORD_PREFIX}{rng.getrandbits(160):040x}",
            ),
            role,
            title,
        )
        for number, (role, title) in enumerate(roles, start=1)
    ]


def memberships(division: Division, people: list[tuple[User, Role, str]]) -> list[Membership]:
    return [Membership(user=user, division=division, role=role, title=title) for user, role, title in people]
