"""The demo logins, and the data that each of them sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from appointments.booking.models import Channel
from centers.models import Division, FamilyLink, Membership, Resident
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.dashboards.demo.bookings import Crowd
from portal.dashboards.demo.diary import Diary

MOTHER, SON = ("王桂兰", "13800005678"), ("王建军", "13900001234")
NAMES = {
    "villager": MOTHER[0],
    "family": SON[0],
    "cadre": "刘晓敏",
    "manager": "赵志强",
    "township": "陈立新",
    "county": "周文静",
    "admin": "系统管理员",
}


@dataclass(frozen=True, slots=True)
class Cast:
    users: Mapping[str, User]
    mother: Resident
    son: Resident

    @property
    def at_the_desk(self) -> list[User]:
        return [self.users["cadre"], self.users["manager"]]


def create(village: Division) -> Cast:
    """Accounts, roles and family links, the roles at the village given and at the divisions above it."""
    password = make_password(settings.DEMO_PASSWORD)  # one for all: hashing is slow on purpose
    users = {name: User(username=name, name=said, password=password) for name, said in NAMES.items()}
    users["villager"].phone, users["family"].phone = MOTHER[1], SON[1]
    users["villager"].phone_verified_at = users["family"].phone_verified_at = timezone.now()
    users["admin"].is_staff = users["admin"].is_superuser = True
    User.objects.bulk_create(users.values())
    mother = Resident.objects.create(division=village, name=MOTHER[0], phone=MOTHER[1], villager_group="河沿组")
    son = Resident.objects.create(division=village, name=SON[0], phone=SON[1], villager_group="河沿组")
    _give_roles(users, village)
    links = [("villager", mother, "self"), ("family", mother, "child"), ("family", son, "self")]
    FamilyLink.objects.bulk_create(FamilyLink(user=users[who], resident=whom, relation=how) for who, whom, how in links)
    return Cast(users, mother, son)


def _give_roles(users: Mapping[str, User], village: Division) -> None:
    above = {division.level: division for division in Division.objects.above(village.code)}
    held = [
        ("cadre", village, Role.PROXY_AGENT, "代办员"),
        ("manager", village, Role.MANAGER, "村党组织书记"),
        ("township", above.get(Division.Level.TOWNSHIP), Role.TOWNSHIP, "党建办干事"),
        ("county", above.get(Division.Level.COUNTY), Role.COUNTY, "县委组织部组织二科"),
    ]
    Membership.objects.bulk_create(
        Membership(user=users[who], division=where, role=role, title=title) for who, where, role, title in held if where
    )


def book_for_the_family(diary: Diary, cast: Cast, crowd: Crowd, now: datetime) -> None:
    """The mother has one booking ahead, one served that waits for her rating, and one long ago; the son booked two."""
    today, items = timezone.localdate(now), {item.code: item for item in crowd.items}
    by_son = {"contact_name": SON[0], "relation": FamilyLink.Relation.CHILD, "phone": SON[1]}
    _book(diary, cast.mother, items["yanglao-renzheng"], _open_day(diary, today, 2), 3, Channel.ONLINE, now, by_son)
    _book(diary, cast.mother, items["manxingbing"], _open_day(diary, today, 6), 12, Channel.PHONE, now, {})
    _book(diary, cast.mother, items["gaoling-jintie"], _open_day(diary, today, -2), 2, Channel.ONLINE, now, by_son)
    _book(diary, cast.mother, items["yibao-canbao"], _open_day(diary, today, -21), 1, Channel.PHONE, now, {})
    _book(diary, cast.son, items["zhaijidi-jianfang"], _open_day(diary, today, 4), 4, Channel.ONLINE, now, {})


def _open_day(diary: Diary, today: date, offset: int) -> date | None:
    """The open day nearest to so many days from today, going away from it."""
    step = 1 if offset > 0 else -1
    days = (today + timedelta(days=offset + step * more) for more in range(12))
    return next((day for day in days if diary.days.get(day)), None)


def _book(diary: Diary, resident, item, day, at: int, channel, now: datetime, more: dict) -> None:
    run = diary.room_for(day, item, resident, channel, at) if day else None
    if run is None:
        return
    starts_at = run.slots[0].starts_at
    booked_at = min(starts_at, now) - timedelta(days=2, hours=1)
    if starts_at < now:
        more = {
            **more,
            "arrived_at": starts_at - timedelta(minutes=8),
            "served_at": starts_at + timedelta(minutes=14),
            "served_by": diary.staff[0],
        }
    diary.write(run, item, resident, channel, booked_at, **more)


def shown_at(now: datetime, opens: datetime | None) -> datetime:
    """The star center's day is shown between 10:20 and 16:00, so that it is lively whenever somebody looks.

    Before it opens it is shown a little after: the first have come and wait.
    """
    if opens and now < opens:
        return opens + timedelta(minutes=30)
    local = timezone.localtime(now)
    earliest, latest = local.replace(hour=10, minute=20), local.replace(hour=16, minute=0)
    return min(max(local, earliest), latest)


def keep_some_waiting(diary: Diary, now: datetime, at_least: int = 3) -> None:
    """Undo the last services, so that somebody is waiting whatever the random numbers were.

    Where nobody was served yet, the next who are booked have come early.
    """
    today = timezone.localdate(now)
    booked = sorted(
        (one for one in diary.appointments if timezone.localdate(one.starts_at) == today),
        key=lambda one: (one.starts_at, one.code),
    )
    short = at_least - sum(one.arrived_at is not None and one.served_at is None for one in booked)
    served = [one for one in reversed(booked) if one.served_at]
    for one in served[: max(0, short)]:
        one.served_at = one.served_by = None
    to_come = [one for one in booked if not (one.arrived_at or one.missed_at or one.cancelled_at)]
    for number, one in enumerate(to_come[: max(0, short - len(served))]):
        one.arrived_at = max(one.booked_at, now - timedelta(minutes=3 * number))
