"""Demo staff, rosters, leave, swaps and presence reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from appointments.slots.models import ItemAgent
from centers.days import months
from centers.days.half_days import open_parts
from centers.days.hours import hours_of, kinds_between
from centers.duty import rota
from centers.duty.rota import Day, Person, Tally
from centers.models import Center, DutyShift, Leave, Part, PresenceReport, Roster, ShiftSwap, Staff
from portal.accounts.models import User
from portal.dashboards.demo import naming
from portal.ui import days

# A province has thousands of centers: the roster is there to be looked at, and no figure of the others leans on one.
ROSTERS = 60
POSTS = [
    ("村党组织书记", Staff.Post.COMMITTEE, True),
    ("代办员", Staff.Post.FULL_TIME, False),
    ("村委会副主任", Staff.Post.COMMITTEE, True),
    ("便民服务专干", Staff.Post.FULL_TIME, False),
    ("妇联主席", Staff.Post.COMMITTEE, False),
    ("网格员", Staff.Post.PUBLIC_WELFARE, False),
]
# Codes of the starter catalogue, and who of the list above sees to them: (A岗, B岗).
HANDLED = {"dibao": ([1], [3]), "zhaijidi-jianfang": ([2], []), "canji-butie": ([3], [1])}


@dataclass(slots=True)
class Roll:
    """A center whose rosters are generated; staff with an account come first."""

    center: Center
    number: int
    rng: Random
    accounts: list[User]
    staff: list[Staff] = field(default_factory=list)


def store(rolls: list[Roll], now: datetime) -> None:
    """Last month, this one and the next; a constant number of queries."""
    today = timezone.localdate(now)
    spans = [months.before(today), months.starts(today), months.following(today)]
    Staff.objects.bulk_create([person for roll in rolls for person in _people(roll, spans[0])])
    rosters = {
        (roll.center.pk, month): Roster(
            center=roll.center,
            month=month,
            revision=1,
            published_at=days.at(month - timedelta(days=5), time(9)),
            published_by=roll.accounts[0],
        )
        for roll in rolls
        for month in spans
        if roll.accounts
    }
    Roster.objects.bulk_create(rosters.values())
    first, last = spans[0], months.ends(spans[-1])
    kinds, hours = kinds_between(first, last), hours_of([roll.center for roll in rolls], first, last)
    DutyShift.objects.bulk_create(
        [shift for roll in rolls if roll.accounts for shift in _shifts(roll, kinds, hours[roll.center.pk], rosters)],
        batch_size=2000,
    )
    for roll in rolls:
        if roll.number == 0:
            _happenings(roll, now)
        elif roll.number in (2, 4):
            _asks_the_township(roll, now)


def _people(roll: Roll, since: date) -> list[Staff]:
    size = 5 if roll.number == 0 else roll.rng.randint(4, 6)
    accounts = dict(enumerate(roll.accounts))
    for order, (title, post, can_lead) in enumerate(POSTS[:size]):
        user = accounts.get(order)
        name = user.name if user else naming.person(roll.rng, oldest=0.05).name
        roll.staff.append(
            Staff(
                center=roll.center,
                name=name,
                title=title,
                post_type=post,
                can_lead=can_lead,
                phone=f"1380000{roll.number % 100:02d}{order:02d}",
                is_phone_public=order < 3,
                user=user,
                joined_on=since - timedelta(days=400),
                order=order,
            )
        )
    return roll.staff


def _shifts(roll: Roll, kinds: Mapping, hours: Mapping, rosters: Mapping) -> list[DutyShift]:
    layout = [Day(day, kinds[day], open_parts(openings)) for day, openings in hours.items()]
    people = [Person(person.pk, person.can_lead, order=person.order) for person in roll.staff]
    return [
        DutyShift(
            roster=rosters[roll.center.pk, months.starts(turn.date)],
            date=turn.date,
            part=turn.part,
            kind=turn.kind,
            position=turn.position,
            staff_id=turn.person,
            added_in=1,
        )
        for turn in rota.lay_out(layout, people, Tally())
    ]


def _happenings(roll: Roll, now: datetime) -> None:
    """At the demo's own center: one away tomorrow, one asking, a swap that waits, items with people."""
    today, staff = timezone.localdate(now), roll.staff
    manager, cadre = roll.accounts[:2]
    yesterday = now - timedelta(days=1)
    Leave.objects.create(
        staff=staff[3],
        first_date=today + timedelta(days=1),
        last_date=today + timedelta(days=2),
        half_days=4,
        reason="送孩子看病",
        asked_by=manager,
        asked_at=yesterday,
        agreed_at=yesterday,
        agreed_by=manager,
    )
    later = today + timedelta(days=6)
    Leave.objects.create(staff=staff[1], first_date=later, last_date=later, reason="家里有事", asked_by=cadre)
    ahead = DutyShift.objects.active().filter(roster__center=roll.center, date__gt=today + timedelta(days=2))
    given = ahead.filter(staff=staff[4], position=DutyShift.Position.MAIN, kind=DutyShift.Kind.OFFICE).first()
    if given:
        ShiftSwap.objects.create(shift=given, taker=staff[1], reason="那天要去镇上开会", asked_by=manager)
    ItemAgent.objects.bulk_create(
        ItemAgent(center=roll.center, item_code=code, staff=staff[order], is_backup=is_backup)
        for code, both in HANDLED.items()
        for is_backup, orders in enumerate(both)
        for order in orders
    )


def _asks_the_township(roll: Roll, now: datetime) -> None:
    """A long leave that only the township can agree to, and villagers who found nobody at the door."""
    today = timezone.localdate(now)
    first = today + timedelta(days=5)
    Leave.objects.create(
        staff=roll.staff[0],
        first_date=first,
        last_date=first + timedelta(days=4),
        half_days=10,
        reason="去县里学习",
        asked_by=roll.accounts[0],
        asked_at=now - timedelta(hours=20),
    )
    for ago, hour, found in ((1, 10, False), (1, 15, True), (2, 9, False)):
        day = today - timedelta(days=ago)
        at = days.at(day, time(hour, 20))
        part = Part.MORNING if hour < 12 else Part.AFTERNOON
        PresenceReport.objects.create(center=roll.center, at=at, date=day, part=part, found_somebody=found)
