"""Proposing a month: filled by rules, laid out anew, or copied from the month before. Looked at first, then written."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.duty import months, rosters, rota, staffing
from centers.duty.half_days import PARTS, open_parts
from centers.duty.rosters import as_turn
from centers.duty.rota import Day, Person, Tally, Turn
from centers.hours import hours_of, kinds_between
from centers.models import Center, DutyShift, Roster, Staff
from portal.accounts.models import User
from portal.ui.errors import RuleBroken

FILL, FRESH, COPY = "fill", "fresh", "copy"
WAYS = (FILL, FRESH, COPY)
LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a month is laid out from, and how it stands now."""

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
    sheet: Sheet
    how: str
    turns: list[Turn]

    @property
    def added(self) -> list[Turn]:
        return sorted(set(self.turns) - set(self.sheet.turns))

    @property
    def removed(self) -> list[Turn]:
        return sorted(set(self.sheet.turns) - set(self.turns))


def sheet_of(center: Center, month: date) -> Sheet:
    """Seven queries, whatever the number of people and days."""
    first, last = months.starts(month), months.ends(month)
    roster = Roster.objects.filter(center=center, month=first).select_related("changed_by", "published_by").first()
    shifts = DutyShift.objects.standing().filter(roster=roster).select_related("staff") if roster else []
    by_turn = {as_turn(shift): shift for shift in shifts}
    staff = {one.pk: one for one in Staff.objects.filter(center=center).order_by("order", "pk")}
    away = staffing.absences([center], first, last)
    kinds, hours = kinds_between(first, last), hours_of([center], first, last)[center.pk]
    days = [Day(day, kinds[day], open_parts(hours[day])) for day in months.days_of(first)]
    people = [
        _person(one, place, days, away) for place, one in enumerate(staff.values()) if _is_listed(one, first, last)
    ]
    return Sheet(center, first, days, staff, people, sorted(by_turn), by_turn, roster)


def propose(center: Center, month: date, how: str) -> Proposal:
    """Raises RuleBroken `nobody` when there is no one to lay out with."""
    sheet = sheet_of(center, month)
    if not sheet.people:
        raise RuleBroken(_("还没有登记中心人员。先把人员加上，再来排班。"), code="nobody")
    today = timezone.localdate()
    if how == COPY:
        return Proposal(sheet, how, sorted([*sheet.turns, *_copied(sheet, today)]))
    fixed = [turn for turn in sheet.turns if how == FILL or turn.date < today]
    past = [day for day in sheet.days if day.date >= today]
    turns = rota.lay_out(
        past, sheet.people, _tally(sheet, fixed, today), [turn for turn in fixed if turn.date >= today]
    )
    return Proposal(sheet, how, sorted({*turns, *fixed}))


def apply(*, center: Center, month: date, how: str, seen: int, by: User) -> int:
    """Write what `propose` gives now; how many shifts came or went. Raises Changed, RuleBroken `nobody`."""
    proposal = propose(center, month, how)
    if not proposal.added and not proposal.removed:
        return 0  # a second tap: it stands already
    return rosters.write(center=center, month=month, turns=proposal.turns, seen=seen, by=by)


def warnings_of(sheet: Sheet, turns: list[Turn] | None = None) -> list[rota.Warning]:
    return rota.warnings(
        sheet.days,
        sheet.turns if turns is None else turns,
        sheet.people,
        a_week=settings.DUTY_HALF_DAYS_A_WEEK,
        above_mean=settings.DUTY_HOLIDAYS_ABOVE_MEAN,
        before=_holidays_before(sheet),
        elsewhere=_elsewhere(sheet),
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


def _tally(sheet: Sheet, fixed: list[Turn], today: date) -> Tally:
    """The year before, and the days of this month that are past."""
    tally, rows = Tally(), _history(sheet)
    kinds = kinds_between(min((row[0] for row in rows), default=sheet.month), months.ends(sheet.month))
    rows += [(turn.date, turn.kind, turn.position, turn.person) for turn in fixed if turn.date < today]
    noted = set()
    for day, kind, position, person in rows:
        what = rota.tally_of(kind, position, kinds[day])
        if what in (rota.MAIN, rota.BACKUP) or (what, person, day) not in noted:
            noted.add((what, person, day))
            tally.note(what, person, day)
    _welcome(sheet, tally)
    return tally


def _welcome(sheet: Sheet, tally: Tally) -> None:
    """Who came lately starts where the least burdened of the others stands, or every holiday would be theirs."""
    start = sheet.month - LOOKS_BACK
    joined = {pk: one.joined_on for pk, one in sheet.staff.items()}
    there = [person.pk for person in sheet.people if joined[person.pk] <= start]
    for what in {what for what, _person in tally.counts}:
        least = min((tally.counts[what, pk] for pk in there), default=0)
        for person in sheet.people:
            if person.pk not in there:
                tally.counts[what, person.pk] = max(tally.counts[what, person.pk], least)


def _history(sheet: Sheet) -> list[tuple[date, str, str, int]]:
    rows = DutyShift.objects.published().filter(
        roster__center=sheet.center, date__gte=sheet.month - LOOKS_BACK, date__lt=sheet.month
    )
    return list(rows.order_by("date", "part", "pk").values_list("date", "kind", "position", "staff_id"))


def _holidays_before(sheet: Sheet) -> Counter:
    rows = DutyShift.objects.published().filter(
        roster__center=sheet.center,
        date__gte=sheet.month.replace(month=1),
        date__lt=sheet.month,
        kind=DutyShift.Kind.ON_CALL,
        position=DutyShift.Position.MAIN,
    )
    had = set(rows.order_by().values_list("staff_id", "date"))
    if not had:
        return Counter()
    kinds = kinds_between(min(day for _person, day in had), sheet.month)
    return Counter(person for person, day in had if kinds[day] == "holiday")


def _elsewhere(sheet: Sheet) -> frozenset[tuple[int, date, str]]:
    """Shifts at other centers of people who, by their account, also stand here."""
    accounts = {one.user_id: one.pk for one in sheet.staff.values() if one.user_id}
    if not accounts:
        return frozenset()
    rows = DutyShift.objects.standing().between(sheet.month, months.ends(sheet.month))
    rows = rows.filter(staff__user__in=accounts).exclude(staff__center=sheet.center)
    found = rows.order_by().values_list("staff__user_id", "date", "part")
    return frozenset((accounts[user], day, part) for user, day, part in found)


def _copied(sheet: Sheet, today: date) -> list[Turn]:
    """What the same weekday had four weeks ago, five where that is this month still; only where nobody stands yet."""
    before = months.before(sheet.month)
    source: dict[date, list[Turn]] = {}
    old = DutyShift.objects.standing().filter(roster__center=sheet.center, roster__month=before)
    for shift in old:
        source.setdefault(shift.date, []).append(as_turn(shift))
    people = {person.pk: person for person in sheet.people}
    posts = {turn.post for turn in sheet.turns}
    busy = {(turn.person, turn.date, turn.part) for turn in sheet.turns}
    new = []
    for day in sheet.days:
        kind, parts = day.duty
        earlier = day.date - timedelta(days=28)
        earlier = earlier if earlier < sheet.month else earlier - timedelta(days=7)
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
