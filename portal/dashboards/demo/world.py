"""Generates all demo data, a batch of centers at a time, for constant memory use."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.catalog import starter
from appointments.catalog.models import ServiceItem
from appointments.desk.offline.models import OfflineMark
from assessments.models import Rating
from centers import codes
from centers.days import keeping, proof
from centers.days.hours import hours_of
from centers.models import (
    CalendarDay,
    Center,
    ClosureNotice,
    Division,
    GroupTag,
    MarketDay,
    MarketRule,
    Membership,
    OpeningRule,
    Resident,
    Room,
    RoomFunction,
)
from centers.services import calendar
from portal.accounts.models import User
from portal.dashboards.demo import (
    bookings,
    caseload,
    diary,
    grounds,
    messages,
    naming,
    offline,
    opinions,
    people,
    places,
    profiles,
    queue,
    rosters,
    waiting,
)
from portal.dashboards.demo import cast as casting
from portal.dashboards.demo.plan import Plan, Shared, Site
from portal.notifications.models import Message
from portal.ui.days import midnight

CENTERS_AT_ONCE = 25
PHONES_PER_CENTER = 150
MARKETS = ["3,8", "1,6", "2,7", "4,9", "5,0"]


def build(plan: Plan, progress: Callable[[int], object] = lambda done: None) -> int:
    """Generate the data; returns the number of centers. `progress` is called after each batch."""
    with transaction.atomic():
        today = timezone.localdate(plan.now)
        calendar.fill_ahead(today=today)
        # On a public holiday, too, there is a day to look at.
        CalendarDay.objects.filter(date=today, kind="holiday").update(kind="make_up", name=_("演示"))
        if plan.under:
            villages = places.existing(plan.under, plan.villages)
        else:
            villages = places.invent(plan.villages or 24, plan.seed)
        shared = _shared(plan, villages)
    for first in range(0, len(villages), CENTERS_AT_ONCE):
        chunk = villages[first : first + CENTERS_AT_ONCE]
        with transaction.atomic():
            _build_centers(list(enumerate(chunk, start=first)), shared)
        progress(len(chunk))
    return len(villages)


def _shared(plan: Plan, villages: list[Division]) -> Shared:
    return Shared(
        plan=plan,
        functions=_presets(RoomFunction),
        groups=_presets(GroupTag),
        items=_catalogues(plan, villages),
        markets=_markets(plan, villages),
        cast=casting.create(villages[0]),
    )


def _presets(model: type[RoomFunction] | type[GroupTag]) -> Mapping[str, int]:
    return dict(model.objects.values_list("code", "pk"))


def _catalogues(plan: Plan, villages: list[Division]) -> dict[str, list[ServiceItem]]:
    """The items by the code of the division that has them: each county its own copy, to revise as it likes."""
    homes = {places.home_of_catalogue(village, plan.under) for village in villages}
    for division in Division.objects.current().filter(code__in=homes).order_by("code"):
        starter.adopt(division=division, valid_from=plan.span[0].replace(month=1, day=1))
    found: dict[str, list[ServiceItem]] = {code: [] for code in homes}
    for item in (
        ServiceItem.objects.current().filter(division__code__in=homes).select_related("division").order_by("pk")
    ):
        found[item.division.code].append(item)
    return found


def _markets(plan: Plan, villages: list[Division]) -> dict[str, set[date]]:
    """Each township holds its market on days of its own, and each center is busier then."""
    townships = Division.objects.current().filter(code__in={codes.ancestors(village.code)[-1] for village in villages})
    rules = [
        MarketRule(division=township, calendar=MarketRule.Calendar.LUNAR, digits=MARKETS[number % len(MARKETS)])
        for number, township in enumerate(townships.order_by("code"))
    ]
    MarketRule.objects.bulk_create(rules)
    calendar.precompute_market_days(rules, today=plan.span[0])
    found: dict[str, set[date]] = {rule.division.code: set() for rule in rules}
    for code, day in MarketDay.objects.filter(rule__in=rules).values_list("rule__division__code", "date"):
        found[code].add(day)
    return found


def _build_centers(numbered: list[tuple[int, Division]], shared: Shared) -> None:
    sites = [_site(number, division, shared) for number, division in numbered]
    _store_grounds(sites, shared)
    _store_residents(sites, shared)
    _close_some(sites, shared)
    hours = hours_of([site.center for site in sites], *shared.plan.span)
    diaries = [(site, _diary(site, hours[site.center.pk], shared)) for site in sites]
    ratings = [
        rating
        for site, book in diaries
        for rating in opinions.ratings(site.rng, _ratable(book, shared), site.profile.care, shared.plan.now)
    ]
    diary.store(book for _site, book in diaries)
    for site, book in diaries:
        if site.number == 0:
            queue.store(book, shared.plan.now)
    Rating.objects.bulk_create(ratings, batch_size=1000)
    for site, book in diaries:
        if site.number == 0:
            home = places.home_of_catalogue(site.center.division, shared.plan.under)
            crowd = bookings.Crowd.of(site.residents, site.elders, shared.items[home])
            waiting.line_up(book, shared.cast, crowd, shared.plan.now)
    written = [
        message
        for site, book in diaries
        for message in messages.about_bookings(site.rng, book.appointments, shared.plan.now)
    ]
    Message.objects.bulk_create(written, batch_size=1000)
    OfflineMark.objects.bulk_create(
        mark
        for site, book in diaries
        if site.number == 0
        for mark in offline.half_hour(site.rng, site.center, site.staff, book.appointments, shared.plan.now)
    )
    rolls = [rosters.Roll(site.center, site.number, site.rng, _accounts(site, shared)) for site in sites]
    rosters.store([roll for roll in rolls if roll.number < rosters.ROSTERS], shared.plan.now)
    caseload.carry(diaries, shared)
    centers = [site.center for site in sites]
    keeping.fill_past(centers, shared.plan.span[0])
    keeping.keep(centers)
    # Who is displaced by the duty of these weeks has been told.
    messages.tell_displaced(shared.plan.now)
    proof.gather(centers, shared.plan.span[0], timezone.localdate(shared.plan.now))


def _accounts(site: Site, shared: Shared) -> list[User]:
    """The manager's first, as in the list of posts."""
    return [shared.cast.users[name] for name in ("manager", "cadre")] if site.number == 0 else site.staff


def _site(number: int, division: Division, shared: Shared) -> Site:
    rng = Random(f"{shared.plan.seed}:{division.code}")
    profile = profiles.profile(rng, number)
    return Site(number, grounds.center(rng, division, number, profile), profile, rng, [], [], [])


def _store_grounds(sites: list[Site], shared: Shared) -> None:
    Center.objects.bulk_create([site.center for site in sites])
    rooms = [pair for site in sites for pair in grounds.rooms(site.rng, site.center, site.profile)]
    Room.objects.bulk_create([room for room, _uses in rooms])
    uses = Room.functions.through
    uses.objects.bulk_create(
        uses(room_id=room.pk, roomfunction_id=shared.functions[code]) for room, codes_ in rooms for code in codes_
    )
    OpeningRule.objects.bulk_create(
        rule for site in sites for rule in profiles.opening_rules(site.rng, site.center, site.profile)
    )
    held: list[Membership] = []
    for site in sites:
        if site.number == 0:
            site.staff = shared.cast.at_the_desk
            continue
        people_here = grounds.staff(site.rng, site.center.division, site.profile)
        site.staff = [user for user, _role, _title in people_here]
        held += grounds.memberships(site.center.division, people_here)
    User.objects.bulk_create([user for site in sites if site.number for user in site.staff])
    Membership.objects.bulk_create(held)


def _store_residents(sites: list[Site], shared: Shared) -> None:
    listed = []
    for site in sites:
        numbers = naming.Numbers(site.number * PHONES_PER_CENTER)
        here = people.residents(site.rng, site.center.division, site.profile.listed, numbers)
        site.residents = [resident for resident, _groups in here]
        site.elders = [resident for resident, groups in here if "elderly" in groups]
        listed += here
    Resident.objects.bulk_create([resident for resident, _groups in listed], batch_size=1000)
    tags = Resident.groups.through
    tags.objects.bulk_create(
        (
            tags(resident_id=resident.pk, grouptag_id=shared.groups[code])
            for resident, codes_ in listed
            for code in codes_
        ),
        batch_size=1000,
    )


def _close_some(sites: list[Site], shared: Shared) -> None:
    """One center is closed for repairs next week, by approval; another has asked and waits for an answer."""
    officer = shared.cast.users["township"]
    today, now = timezone.localdate(shared.plan.now), shared.plan.now
    for site in sites:
        if site.number not in (1, 3):
            continue
        starts = midnight(today + timedelta(days=6 + site.number))
        approved = {"approved_at": now - timedelta(days=1), "approved_by": officer} if site.number == 1 else {}
        reason, note = ("renovation", "大厅换屋顶，急事请打电话") if approved else ("farming", "收秋，只留一人值班")
        ClosureNotice.objects.create(
            center=site.center,
            starts_at=starts,
            ends_at=starts + timedelta(days=3),
            reason=reason,
            note=note,
            requested_by=site.staff[0],
            created_at=now - timedelta(days=2),
            **approved,
        )


def _diary(site: Site, hours: Mapping, shared: Shared) -> diary.Diary:
    now = shared.plan.now
    star = site.number == 0
    book = diary.Diary(site.center, site.staff, site.rng, pull=0.5 if star else 0.2)
    book.open(hours)
    home = places.home_of_catalogue(site.center.division, shared.plan.under)
    crowd = bookings.Crowd.of(site.residents, site.elders, shared.items[home])
    if star:
        casting.book_for_the_family(book, shared.cast, crowd, now)
    slots = book.days.get(timezone.localdate(now))
    opens = slots[0].starts_at if slots else None
    clock = bookings.Clock(now, casting.shown_at(now, opens) if star else now, opens)
    markets = shared.markets[codes.ancestors(site.center.division.code)[-1]]
    bookings.fill(book, site.profile, crowd, markets, clock)
    if star:
        casting.keep_some_waiting(book, now)
        waiting.fill_up(book, crowd, now)
    return book


def _ratable(book: diary.Diary, shared: Shared) -> Iterator:
    """All but the mother's latest visit, which she is to rate herself."""
    hers = [one for one in book.appointments if one.resident is shared.cast.mother and one.served_at]
    waiting = max(hers, key=lambda one: one.starts_at, default=None)
    return (one for one in book.appointments if one is not waiting)
