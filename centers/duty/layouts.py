"""Roster proposals for a month: fill gaps by the rules, regenerate, or copy last month. Previewed, then applied."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from centers.days import months, staffing
from centers.days.half_days import PARTS, open_parts
from centers.days.hours import hours_of, kinds_between
from centers.duty import rosters, rota
from centers.duty.rosters import as_turn
from centers.duty.rota import Day, Person, Tally, Turn
from centers.models import Center, DutyShift, Roster, Staff
from centers.rules.reading import value
from portal.accounts.models import User
from portal.ui.errors import RuleBroken

FILL, FRESH, COPY = "fill", "fresh", "copy"
WAYS = (FILL, FRESH, COPY)
LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """A month's roster as it is, with all inputs for planning it (days, staff, absences)."""

    center: Center
    month: date
    days: list[Day]
    staff: dict[int, Staff]
    people: list[Person]
    turns: list[Turn]
    shifts: dict[Turn, DutyShift]
    roster: Roster | None

    @property
    def revision(self) -> int:
        return self.roster.revision if self.roster else 0


@dataclass(frozen=True, slots=True)
class Proposal:
    month_plan: MonthPlan
    how: str
    turns: list[Turn]

    @property
    def added(self) -> list[Turn]:
        return sorted(set(self.turns) - set(self.month_plan.turns))

    @property
    def removed(self) -> list[Turn]:
        return sorted(set(self.month_plan.turns) - set(self.turns))


def month_plan_of(center: Center, month: date) -> MonthPlan:
    """Loads a month in seven queries, whatever the number of people and days."""
    first, last = months.starts(month), months.ends(month)
    roster = Roster.objects.filter(center=center, month=first).select_related("changed_by", "published_by").first()
    shifts = DutyShift.objects.active().filter(roster=roster).select_related("staff") if roster else []
    by_turn = {as_turn(shift): shift for shift in shifts}
    staff = {one.pk: one for one in Staff.objects.filter(center=center).order_by("order", "pk")}
    away = staffing.absences([center], first, last)
    kinds, hours = kinds_between(first, last), hours_of([center], first, last)[center.pk]
    days = [Day(day, kinds[day], open_parts(hours[day])) for day in months.days_of(first)]
    people = [
        _person(one, place, days, away) for place, one in enumerate(staff.values()) if _is_listed(one, first, last)
    ]
    return MonthPlan(center, first, days, staff, people, sorted(by_turn), by_turn, roster)


def propose(center: Center, month: date, how: str) -> Proposal:
    """Computes a proposal without writing it. Raises RuleBroken `nobody` when the center has no staff."""
    month_plan = month_plan_of(center, month)
    if not month_plan.people:
        raise RuleBroken(_("还没有登记中心人员。先把人员加上，再来排班。"), code="nobody")
    today = timezone.localdate()
    if how == COPY:
        return Proposal(month_plan, how, sorted([*month_plan.turns, *_copy_turns(month_plan, today)]))
    fixed = [turn for turn in month_plan.turns if how == FILL or turn.date < today]
    ahead = [day for day in month_plan.days if day.date >= today]
    turns = rota.lay_out(
        ahead, month_plan.people, _tally(month_plan, fixed, today), [turn for turn in fixed if turn.date >= today]
    )
    return Proposal(month_plan, how, sorted({*turns, *fixed}))


def apply(*, center: Center, month: date, how: str, seen: int, by: User) -> int:
    """Write the proposal; returns how many shifts were added or removed. Raises Changed, RuleBroken `nobody`."""
    proposal = propose(center, month, how)
    if not proposal.added and not proposal.removed:
        return 0  # already applied: idempotent
    return rosters.write(center=center, month=month, turns=proposal.turns, seen=seen, by=by)


def warnings_of(month_plan: MonthPlan, turns: list[Turn] | None = None) -> list[rota.Warning]:
    return rota.warnings(
        month_plan.days,
        month_plan.turns if turns is None else turns,
        month_plan.people,
        a_week=value("DUTY_HALF_DAYS_A_WEEK", month_plan.center.pk),
        above_mean=value("DUTY_HOLIDAYS_ABOVE_MEAN", month_plan.center.pk),
        before=_holidays_before(month_plan),
        elsewhere=_elsewhere(month_plan),
    )


def _is_listed(one: Staff, first: date, last: date) -> bool:
    return one.takes_turns and one.joined_on <= last and (one.left_on is None or one.left_on > first)


def _person(one: Staff, order: int, days: list[Day], away: staffing.Absences) -> Person:
    missing = {
        (day.date, part)
        for day in days
        for part in PARTS
        if day.date < one.joined_on or (one.left_on and day.date >= one.left_on) or (one.pk, day.date, part) in away
    }
    return Person(one.pk, one.can_lead, frozenset(missing), order)


def _tally(month_plan: MonthPlan, fixed: list[Turn], today: date) -> Tally:
    """Turns of the last twelve months, including the past days of this one."""
    tally, rows = Tally(), _history(month_plan)
    kinds = kinds_between(min((row[0] for row in rows), default=month_plan.month), months.ends(month_plan.month))
    rows += [(turn.date, turn.kind, turn.position, turn.person) for turn in fixed if turn.date < today]
    noted = set()
    for day, kind, position, person in rows:
        category = rota.category_of(kind, position, kinds[day])
        if category in (rota.MAIN, rota.BACKUP) or (category, person, day) not in noted:
            noted.add((category, person, day))
            tally.note(category, person, day)
    _level_newcomers(month_plan, tally)
    return tally


def _level_newcomers(month_plan: MonthPlan, tally: Tally) -> None:
    """Give newcomers the lowest count among the others, or they would get every turn until they had caught up."""
    start = month_plan.month - LOOKS_BACK
    joined = {pk: one.joined_on for pk, one in month_plan.staff.items()}
    there = [person.pk for person in month_plan.people if joined[person.pk] <= start]
    for category in {category for category, _person in tally.counts}:
        least = min((tally.counts[category, pk] for pk in there), default=0)
        for person in month_plan.people:
            if person.pk not in there:
                tally.counts[category, person.pk] = max(tally.counts[category, person.pk], least)


def _history(month_plan: MonthPlan) -> list[tuple[date, str, str, int]]:
    rows = DutyShift.objects.published().filter(
        roster__center=month_plan.center, date__gte=month_plan.month - LOOKS_BACK, date__lt=month_plan.month
    )
    return list(rows.order_by("date", "part", "pk").values_list("date", "kind", "position", "staff_id"))


def _holidays_before(month_plan: MonthPlan) -> Counter:
    rows = DutyShift.objects.published().filter(
        roster__center=month_plan.center,
        date__gte=month_plan.month.replace(month=1),
        date__lt=month_plan.month,
        kind=DutyShift.Kind.ON_CALL,
        position=DutyShift.Position.MAIN,
    )
    had = set(rows.order_by().values_list("staff_id", "date"))
    if not had:
        return Counter()
    kinds = kinds_between(min(day for _person, day in had), month_plan.month)
    return Counter(person for person, day in had if kinds[day] == "holiday")


def _elsewhere(month_plan: MonthPlan) -> frozenset[tuple[int, date, str]]:
    """(person, day, part) of shifts that this center's staff have at other centers, matched by user account."""
    accounts = {one.user_id: one.pk for one in month_plan.staff.values() if one.user_id}
    if not accounts:
        return frozenset()
    rows = DutyShift.objects.active().between(month_plan.month, months.ends(month_plan.month))
    rows = rows.filter(staff__user__in=accounts).exclude(staff__center=month_plan.center)
    found = rows.order_by().values_list("staff__user_id", "date", "part")
    return frozenset((accounts[user], day, part) for user, day, part in found)


def _copy_turns(month_plan: MonthPlan, today: date) -> list[Turn]:
    """Turns copied from the same weekday four weeks earlier (five if that is in this month), for empty posts only."""
    before = months.before(month_plan.month)
    source: dict[date, list[Turn]] = {}
    old = DutyShift.objects.active().filter(roster__center=month_plan.center, roster__month=before)
    for shift in old:
        source.setdefault(shift.date, []).append(as_turn(shift))
    people = {person.pk: person for person in month_plan.people}
    posts = {turn.post for turn in month_plan.turns}
    busy = {(turn.person, turn.date, turn.part) for turn in month_plan.turns}
    new = []
    for day in month_plan.days:
        kind, parts = day.duty
        earlier = day.date - timedelta(days=28)
        earlier = earlier if earlier < month_plan.month else earlier - timedelta(days=7)
        for turn in sorted(source.get(earlier, [])):
            copy = Turn(day.date, turn.part, turn.kind, turn.position, turn.person)
            spot = (turn.person, day.date, turn.part)
            fits = turn.kind == kind and turn.part in parts and copy.post not in posts and spot not in busy
            is_there = turn.person in people and (day.date, turn.part) not in people[turn.person].away
            if day.date >= today and fits and is_there:
                new.append(copy)
                posts.add(copy.post)
                busy.add(spot)
    return new
