"""The month page of a roster: a grid of days by half days with posts, loads and warnings."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from centers.days import months
from centers.days.half_days import EVENING, PARTS
from centers.duty.layouts import MonthPlan, warnings_of
from centers.duty.rota import BACKUP, LEADER, MAIN, ON_CALL, POSITIONS, Turn, Warning
from centers.models import CalendarDay, DutyShift, Part, Staff
from portal.ui import words

NEAR = 7


@dataclass(frozen=True, slots=True)
class Post:
    position: str
    word: str
    shift: DutyShift | None = None
    person: Staff | None = None
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    part: str
    word: str
    kind: str
    kind_word: str
    posts: list[Post]

    @property
    def is_empty(self) -> bool:
        return not any(post.person for post in self.posts)


@dataclass(frozen=True, slots=True)
class Row:
    date: date
    note: str
    is_off: bool
    is_today: bool
    is_past: bool
    cells: list[Cell | None]  # in the order of Board.parts; None where there is no duty


@dataclass(frozen=True, slots=True)
class Load:
    """One person's workload in the month: office duty in half days, on-call duty in days."""

    person: Staff
    main: int
    backup: int
    lead: int
    on_call: int
    holidays: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days; `fold` is "past" or "later" for collapsed ones, else empty."""

    fold: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Board:
    month_plan: MonthPlan
    parts: list[tuple[str, str]]
    rows: list[Row]
    loads: list[Load]
    warnings: list[str]
    pending_from: date | None  # the first day that the notice of the year's holidays may change

    @property
    def is_empty(self) -> bool:
        return not self.month_plan.turns

    def stretches(self, *, whole: bool = False) -> list[Stretch]:
        """The next seven days expanded, past and later ones collapsed; a past month is not collapsed."""
        past = [row for row in self.rows if row.is_past]
        ahead = self.rows[len(past) :]
        if whole or not ahead:
            return [Stretch("", self.rows)]
        found = [Stretch("past", past), Stretch("", ahead[:NEAR]), Stretch("later", ahead[NEAR:])]
        return [one for one in found if one.rows]


def board_of(month_plan: MonthPlan) -> Board:
    today = timezone.localdate()
    names = {day.date: day for day in CalendarDay.objects.between(month_plan.month, months.ends(month_plan.month))}
    has_evening = any(EVENING in day.duty[1] for day in month_plan.days) or any(
        turn.part == EVENING for turn in month_plan.turns
    )
    parts = [part for part in PARTS if part != EVENING or has_evening]
    return Board(
        month_plan,
        [(part, str(Part(part).label)) for part in parts],
        [_row(month_plan, day, names.get(day.date), parts, today) for day in month_plan.days],
        _loads(month_plan),
        warning_sentences(month_plan, warnings_of(month_plan)),
        next((day.date for day in names.values() if day.awaits_notice), None),
    )


def warning_sentences(month_plan: MonthPlan, warnings: list[Warning]) -> list[str]:
    """Warnings as sentences, in the given order; past days are left out, except in weekly totals."""
    today = timezone.localdate()
    return [_sentence(month_plan, one) for one in warnings if one.day is None or one.day >= today or one.code == "week"]


def cell_of(month_plan: MonthPlan, day: date, part: str) -> Cell:
    """One half day with its posts, filled or empty."""
    duty_kind = next(one for one in month_plan.days if one.date == day).duty[0]
    turns = [turn for turn in month_plan.turns if (turn.date, turn.part) == (day, part)]
    kind = turns[0].kind if turns else duty_kind
    held = {turn.position: turn for turn in turns}
    wanted = (LEADER, MAIN) if kind == ON_CALL and BACKUP not in held else POSITIONS
    posts = [_post(month_plan, position, held.get(position)) for position in wanted]
    return Cell(part, str(Part(part).label), kind, str(DutyShift.Kind(kind).label), posts)


def _row(month_plan: MonthPlan, day, listed: CalendarDay | None, parts: list[str], today: date) -> Row:
    held = {turn.part for turn in month_plan.turns if turn.date == day.date}
    cells = [cell_of(month_plan, day.date, part) if part in held or part in day.duty[1] else None for part in parts]
    return Row(day.date, _note(listed), day.kind in ("holiday", "weekend"), day.date == today, day.date < today, cells)


def _post(month_plan: MonthPlan, position: str, turn: Turn | None) -> Post:
    word = str(DutyShift.Position(position).label)
    if turn is None:
        return Post(position, word)
    away = {person.pk: person.away for person in month_plan.people}.get(turn.person, frozenset())
    return Post(
        position, word, month_plan.shifts.get(turn), month_plan.staff.get(turn.person), (turn.date, turn.part) in away
    )


def _note(listed: CalendarDay | None) -> str:
    if listed is None or listed.kind in (CalendarDay.Kind.WORKDAY, CalendarDay.Kind.WEEKEND):
        return ""
    return listed.name if listed.kind == CalendarDay.Kind.HOLIDAY and listed.name else listed.get_kind_display()


def _loads(month_plan: MonthPlan) -> list[Load]:
    holidays = {day.date for day in month_plan.days if day.kind == "holiday"}
    loads = []
    for person in month_plan.people:
        mine = [turn for turn in month_plan.turns if turn.person == person.pk]
        on_call = {turn.date for turn in mine if turn.kind == ON_CALL and turn.position != LEADER}
        office = [turn.position for turn in mine if turn.kind != ON_CALL]
        lead = sum(turn.position == LEADER for turn in mine)
        loads.append(
            Load(
                month_plan.staff[person.pk],
                office.count(MAIN),
                office.count(BACKUP),
                lead,
                len(on_call),
                len(on_call & holidays),
            )
        )
    return loads


def _sentence(month_plan: MonthPlan, one: Warning) -> str:
    person = month_plan.staff.get(one.person) if one.person else None
    facts = {
        "day": words.plain_day(one.day) if one.day else "",
        "part": str(Part(one.part).label) if one.part else "",
        "name": person.name if person else "",
        "number": one.number,
    }
    if one.code == "nobody":
        return _("%(day)s%(part)s没有人主班或副班。") % facts
    if one.code == "away":
        return _("%(name)s%(day)s%(part)s请了假，班还排着。") % facts
    if one.code == "elsewhere":
        return _("%(name)s%(day)s%(part)s在另一个中心也有班。") % facts
    if one.code == "week":
        return _("%(name)s从%(day)s起的这一周排了%(number)s个半天，太多了。") % facts
    return _("%(name)s今年节假日值班已经%(number)s天，比大家多出不少。") % facts
