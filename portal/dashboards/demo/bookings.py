"""Generates the bookings of a center: who, for what, booked when, with which outcome."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from appointments.booking.models import Appointment, Channel
from appointments.catalog.models import ServiceItem
from centers.models import Resident
from portal.dashboards.demo import naming
from portal.dashboards.demo.diary import Diary
from portal.dashboards.demo.profiles import Profile

BOOKED_AHEAD = 14
CUTOFF = timedelta(hours=2)
# How often things are asked for, compared with everything else (1).
PULL = {
    "yanglao-renzheng": 12,
    "yibao-canbao": 9,
    "shebao-ka": 6,
    "gaoling-jintie": 5,
    "cunji-zhengming": 5,
    "shuidian-jiaofei": 4,
    "kuaidi-daigou": 3,
    "dibao": 3,
    "manxingbing": 3,
    "yanglao-shenling": 3,
    "gengdi-butie": 3,
    "canji-butie": 2,
    "jiating-yisheng": 2,
    "zhaijidi-jianfang": 2,
    "laonian-youdai": 2,
}
FOR_ELDERS = {
    "yanglao-renzheng",
    "yanglao-shenling",
    "gaoling-jintie",
    "laonian-youdai",
    "manxingbing",
    "shineng-butie",
}
WHY_VILLAGER = ["家里有事，来不了", "身体不舒服", "已经办好了", "下雨路不好走", "换到下个月再办", ""]
WHY_CENTER = ["经办人去镇里开会，已电话说明", "停电，系统用不了，已改约", "网络故障"]


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is the real one; in the star center the day is shown as it stands at `shown`.

    `opens` is when today's work begins: before it somebody may sit and wait, but nobody was served or missed.
    """

    now: datetime
    shown: datetime
    opens: datetime | None = None

    def is_closed_on(self, starts_at: datetime) -> bool:
        """Whether that is today's and today's work has not begun."""
        return self.opens is not None and self.now < self.opens <= starts_at

    def passed(self, moment: datetime) -> datetime:
        """Clamps to the real now: no timestamp may be in the future."""
        return min(moment, self.now)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Residents and the items that they come for."""

    residents: list[Resident]
    elders: list[Resident]
    items: list[ServiceItem]
    weights: list[int]

    @classmethod
    def of(cls, residents: list[Resident], elders: list[Resident], items: list[ServiceItem]) -> "Crowd":
        return cls(residents, elders or residents, items, [PULL.get(item.code, 1) for item in items])


def fill(diary: Diary, profile: Profile, crowd: Crowd, markets: set[date], clock: Clock) -> None:
    """Book every day of the diary; fewer on later days, because most people book within the week."""
    today = timezone.localdate(clock.now)
    for day, slots in diary.days.items():
        ahead = (day - today).days
        if not slots or ahead > BOOKED_AHEAD:
            continue
        mean = profile.bookings * (1.5 if day in markets else 1.0) * (1.15 if day.weekday() == 0 else 1.0)
        mean *= len(slots) / 12 * (0.62 ** (ahead / 3) if ahead > 0 else 1.0)
        for _booking in range(_about(diary.rng, mean)):
            _book(diary, profile, crowd, day, clock)


def _book(diary: Diary, profile: Profile, crowd: Crowd, day: date, clock: Clock) -> Appointment | None:
    rng = diary.rng
    item = rng.choices(crowd.items, crowd.weights)[0]
    resident = rng.choice(crowd.elders if item.code in FOR_ELDERS else crowd.residents)
    channel = rng.choices([Channel.ONLINE, Channel.PHONE, Channel.DESK], [42, 38, 20])[0]
    run = diary.room_for(day, item, resident, channel)
    if run is None:
        return None
    starts_at, ends_at = run.slots[0].starts_at, run.slots[-1].ends_at
    booked_at = _booked_at(rng, starts_at, channel, clock)
    if booked_at is None:
        return None
    return diary.write(
        run,
        item,
        resident,
        channel,
        booked_at,
        **_helper(rng, channel),
        **outcome(rng, profile, diary.staff, starts_at, ends_at, booked_at, channel, clock),
    )


def outcome(rng: Random, profile: Profile, staff, starts_at, ends_at, booked_at, channel, clock: Clock) -> dict:
    """Sets the booking's timestamps as they would be by now."""
    cancels = channel != Channel.DESK and rng.random() < profile.cancelled
    if cancels and (cancelled := _cancelled(rng, starts_at, booked_at, clock)):
        return cancelled
    minutes_in = (clock.shown - starts_at).total_seconds() / 60
    if minutes_in < -35:
        return {}
    if rng.random() < profile.missed and channel != Channel.DESK:
        missed_at = ends_at + timedelta(minutes=rng.randint(0, 90))
        if clock.shown <= ends_at or clock.is_closed_on(starts_at):
            return {}
        return {"missed_at": clock.passed(missed_at), "missed_by": rng.choice(staff)}
    if rng.random() < profile.unrecorded:
        return {}
    came = starts_at + timedelta(minutes=rng.triangular(-25, 35, -6))
    if clock.shown < came:
        return {}
    arrived = {"arrived_at": clock.passed(came)}
    served_at = max(came, starts_at) + timedelta(minutes=rng.triangular(6, 50, 14))
    if clock.shown < served_at or clock.is_closed_on(starts_at):
        return arrived
    return {**arrived, "served_at": clock.passed(served_at), "served_by": rng.choice(staff)}


def _cancelled(rng: Random, starts_at: datetime, booked_at: datetime, clock: Clock) -> dict | None:
    until = min(starts_at, clock.now)
    at = booked_at + (until - booked_at) * rng.uniform(0.2, 0.98)
    if at >= until:
        return None
    by_center = rng.random() < 0.12
    return {
        "cancelled_at": at,
        "cancelled_by": "center" if by_center else "villager",
        "cancel_reason": rng.choice(WHY_CENTER if by_center else WHY_VILLAGER),
        "is_late_cancellation": not by_center and at > starts_at - CUTOFF,
    }


def _booked_at(rng: Random, starts_at: datetime, channel: str, clock: Clock) -> datetime | None:
    """Days before by phone or online, at the desk just before; always in the past and in waking hours."""
    if channel == Channel.DESK:
        at = starts_at - timedelta(minutes=rng.randint(1, 40))
        return at if at < clock.now else None
    latest = min(starts_at - timedelta(minutes=35), clock.now)
    at = latest - timedelta(hours=min(rng.expovariate(1 / 60), 24 * 14) + 0.1)
    local = timezone.localtime(at)
    return at if 7 <= local.hour < 22 else local.replace(hour=9, minute=rng.randint(0, 59)) - timedelta(days=1)


def _helper(rng: Random, channel: str) -> dict:
    if rng.random() > (0.22 if channel == Channel.ONLINE else 0.08):
        return {}
    relation = rng.choices(["child", "spouse", "other"], [7, 2, 1])[0]
    return {"contact_name": naming.person(rng, oldest=0.1).name, "relation": relation}


def _about(rng: Random, mean: float) -> int:
    """A random integer around the mean; 0 mostly for small means."""
    return max(0, int(rng.gauss(mean, mean**0.5) + rng.random()))
