"""Demo cases, generated from stories that end today, with the timestamps that the services would have set."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from appointments.cases.models import (
    AcceptedAs,
    Case,
    CaseMaterial,
    CasePause,
    CaseStage,
    CaseStep,
    CaseTransfer,
    Level,
    Outcome,
    Source,
)
from appointments.cases.services import clock
from appointments.cases.services.stages import used_days
from appointments.catalog.models import ServiceItem
from centers.models import Center, Resident
from centers.workdays import Workdays
from portal.accounts.models import User
from portal.dashboards.demo import case_stories as stories
from portal.dashboards.demo.case_stories import Story
from portal.ui import days

OFFICES = {
    "relief": "县民政局",
    "security": "县人社局",
    "family_health": "县残联",
    "work": "县人社局",
    "farming": "县自然资源局",
    "household": "城关派出所",
    "veterans": "县退役军人事务局",
    "legal": "县司法局",
    "party": "县委组织部",
    "living": "柳河供电所",
}
WHY_RETURNED = ["家庭经济状况核对授权书少了儿媳妇的签字", "户口簿缺增减页，请补拍", "银行卡是别人的，要换成本人的"]
EVIDENCE = [
    ("publicity", "村务栏公示7天，公示照片已存，11月起算"),
    ("appraisal", "县医院残疾评定，评定通知单第0217号"),
    ("villager", "本人签字的暂缓说明，等孩子回来再办"),
]
WHY_REFUSED = ["家庭人均收入高于低保线，核对报告已给本人", "不满60周岁，明年3月再来办"]


@dataclass(slots=True)
class Shelf:
    """Collects all rows of some centers for bulk INSERTs."""

    cases: list[Case] = field(default_factory=list)
    materials: list[CaseMaterial] = field(default_factory=list)
    stages: list[CaseStage] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)
    transfers: list[CaseTransfer] = field(default_factory=list)
    steps: list[CaseStep] = field(default_factory=list)

    def store(self) -> None:
        Case.objects.bulk_create(self.cases, batch_size=1000)
        CaseStage.objects.bulk_create(self.stages, batch_size=1000)
        CaseMaterial.objects.bulk_create(self.materials, batch_size=1000)
        CasePause.objects.bulk_create(self.pauses, batch_size=1000)
        CaseTransfer.objects.bulk_create(self.transfers, batch_size=1000)
        CaseStep.objects.bulk_create(self.steps, batch_size=1000)


@dataclass(slots=True)
class Teller:
    """Generates one case of one center, step by step."""

    shelf: Shelf
    rng: Random
    center: Center
    staff: Sequence[User]
    official: User | None
    is_workday: Workdays
    now: datetime
    codes: set[str]
    case: Case = field(init=False)
    at: datetime = field(init=False)

    def tell(self, item: ServiceItem, resident: Resident, story: Story) -> Case:
        days = sum(after for _what, after in story)
        owner = self.rng.choice(self.staff)
        self.at = self._moment(_workdays_back(timezone.localdate(self.now), days, self.is_workday))
        self.case = Case(
            center=self.center,
            item=item,
            resident=resident,
            source=self.rng.choice([Source.APPOINTMENT, Source.WALK_IN, Source.CALL, Source.VISIT]),
            code=self._code(),
            link=base64.urlsafe_b64encode(self.rng.randbytes(16)).rstrip(b"=").decode(),
            key=f"demo-{self.rng.getrandbits(128):032x}",
            phone=resident.phone,
            first_owner=owner,
            owner=owner,
            backup=next((one for one in self.staff if one is not owner), None),
            opened_at=self.at,
        )
        self.shelf.cases.append(self.case)
        for what, after in story:
            _TELL[what](self)
            self._pass(after)
        return self.case

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @property
    def stage(self) -> CaseStage:
        return self.case.open_stages[0]

    def open(self, there: int | None = None) -> None:
        names = list(dict.fromkeys(self.case.item.materials))
        present = len(names) if there is None else there
        self.shelf.materials += [
            CaseMaterial(case=self.case, name=name, there_at=self.at if number < present else None)
            for number, name in enumerate(names)
        ]
        self.begin(Level.VILLAGE)
        self.log(CaseStep.Kind.OPENED, self.case.owner, self.case.get_source_display())
        if present >= len(names):
            self.case.accepted_at, self.case.accepted_as = self.at, AcceptedAs.COMPLETE
            clock.start(self.case, self.today, self.is_workday)
            clock.limit(self.case, self.stage, self.today, self.is_workday)
            self.log(CaseStep.Kind.ACCEPTED, self.case.owner, "材料齐全")

    def open_some(self) -> None:
        self.open(max(0, len(dict.fromkeys(self.case.item.materials)) - self.rng.choice([1, 1, 2])))

    def notice(self) -> None:
        self.case.notice_at, self.case.notice_by = self.at, self.case.owner
        self.stage.limit_on = self.stage.limit_days = None
        self.log(CaseStep.Kind.NOTICE, self.case.owner)

    def forward(self) -> None:
        self.end(CaseStage.Outcome.FORWARDED)
        self.log(CaseStep.Kind.FORWARDED, self.case.owner, "镇里")
        self.begin(Level.TOWNSHIP)

    def take(self) -> None:
        self.stage.owner = self.official
        if self.official:
            self.log(CaseStep.Kind.TAKEN, self.official)

    def department(self) -> None:
        office = OFFICES[self.case.item.category]
        self.end(CaseStage.Outcome.FORWARDED)
        self.log(CaseStep.Kind.FORWARDED, self.official, office)
        clock.stop(self.case, self.today)
        self.begin(Level.DEPARTMENT, keeper=Level.TOWNSHIP, office=office)
        self.stage.limit_on = self.today + timedelta(days=self.rng.randint(9, 16))

    def back(self) -> None:
        self.end(CaseStage.Outcome.CAME_BACK)
        clock.go_on(self.case, self.stage, self.today, self.is_workday, prescribed=False)
        self.log(CaseStep.Kind.CAME_BACK, self.official, self.stage.office)
        self.begin(Level.TOWNSHIP)
        self.stage.owner = self.official

    def give_back(self) -> None:
        self.end(CaseStage.Outcome.RETURNED, self.rng.choice(WHY_RETURNED))
        self.log(CaseStep.Kind.RETURNED, self.official, self.stage.note)
        self.begin(Level.VILLAGE)

    def pause(self) -> None:
        reason, evidence = self.rng.choice(EVIDENCE)
        by = self.official or self.case.owner
        pause = CasePause(stage=self.stage, reason=reason, evidence=evidence, started_at=self.at, started_by=by)
        self.shelf.pauses.append(pause)
        clock.stop(self.case, self.today)
        self.log(CaseStep.Kind.PAUSED, by, f"{pause.get_reason_display()}：{evidence}")

    def take_over(self) -> None:
        before, after = self.case.owner, self.case.backup
        if after is None:
            return
        self.case.owner = self.stage.owner = after
        kind = CaseTransfer.Kind.TAKEOVER
        self.shelf.transfers.append(
            CaseTransfer(
                case=self.case, from_user=before, to_user=after, kind=kind, reason="去镇里开会", at=self.at, by=after
            )
        )
        self.log(CaseStep.Kind.TRANSFERRED, after, f"AB岗接手 {before} → {after}，去镇里开会")

    def close(self, outcome: str, note: str = "") -> None:
        if self.stage.level == Level.DEPARTMENT:
            self.back()
        by = self.official if self.stage.level == Level.TOWNSHIP else self.case.owner
        self.end(CaseStage.Outcome.FINISHED, note)
        self.case.closed_at, self.case.outcome, self.case.result_note = self.at, outcome, note
        self.log(CaseStep.Kind.FINISHED, by, "：".join(filter(None, [str(self.case.get_outcome_display()), note])))
        self.case.open_stages = []

    def hand_over(self) -> None:
        self.case.handed_over_at, self.case.handed_over_by = self.at, self.case.owner
        self.case.handed_over_to = self.case.resident.name
        self.case.trips_saved = self.rng.choice([1, 2, 2, 3])
        self.log(CaseStep.Kind.HANDED_OVER, self.case.owner)

    def begin(self, level: str, keeper: str = "", office: str = "") -> None:
        stage = CaseStage(
            case=self.case,
            number=1 + sum(stage.case is self.case for stage in self.shelf.stages[-12:]),
            level=level,
            keeper=keeper or level,
            office=office,
            owner=self.case.owner if level == Level.VILLAGE else None,
            started_at=self.at,
        )
        if level != Level.DEPARTMENT:
            clock.limit(self.case, stage, self.today, self.is_workday)
        self.shelf.stages.append(stage)
        self.case.open_stages = [stage]

    def end(self, outcome: str, note: str = "") -> None:
        stage = self.stage
        stage.ended_at, stage.outcome, stage.note = self.at, outcome, note
        stage.used_days = used_days(self.case, stage, self.today, self.is_workday)

    def log(self, kind: str, by: User | None, note: str = "") -> None:
        level = self.stage.level if self.case.open_stages else Level.VILLAGE
        self.shelf.steps.append(CaseStep(case=self.case, kind=kind, level=level, note=note, at=self.at, by=by))

    def _pass(self, workdays: int) -> None:
        """Advance the clock: an hour on the same day, else to a later workday; never into the future."""
        if workdays:
            day = self.today
            for _day in range(workdays):
                day = next(later for later in _days_after(day) if self.is_workday(later))
            self.at = min(self._moment(day), self.now)
        else:
            self.at = min(self.at + timedelta(minutes=self.rng.randint(3, 12)), self.now)

    def _moment(self, day: date) -> datetime:
        clock_time = time(self.rng.choice([8, 9, 10, 14, 15, 16]), self.rng.randint(30, 59))
        return min(days.at(day, clock_time), self.now - timedelta(hours=2))

    def _code(self) -> str:
        while (code := str(self.rng.randint(100_000, 999_999))) in self.codes:
            pass
        self.codes.add(code)
        return code


_TELL: dict[str, Callable[[Teller], None]] = {
    "open": Teller.open,
    "open_some": Teller.open_some,
    "notice": Teller.notice,
    "forward": Teller.forward,
    "take": Teller.take,
    "department": Teller.department,
    "back": Teller.back,
    "return": Teller.give_back,
    "pause": Teller.pause,
    "take_over": Teller.take_over,
    "finish": lambda teller: teller.close(Outcome.DONE),
    "refuse": lambda teller: teller.close(Outcome.REFUSED, teller.rng.choice(WHY_REFUSED)),
    "withdraw": lambda teller: teller.close(Outcome.WITHDRAWN, "孩子回来自己去办"),
    "hand_over": Teller.hand_over,
}


def fill(teller: Teller, kind: str, items: Sequence[ServiceItem], residents: Sequence[Resident]) -> None:
    """The star center has one of every item, in every state; others as many as people come."""
    rng = teller.rng
    carried = [item for item in items if item.handling_mode == "proxy" and item.materials]
    if kind == "star":
        for number, item in enumerate(items):
            chosen = (
                (stories.UNDER_WAY + stories.LATE + stories.OVER * 2)
                if item in carried
                else [stories.VILLAGE, stories.DONE_AT_ONCE, stories.DONE_AT_ONCE]
            )
            teller.tell(item, rng.choice(residents), chosen[number % len(chosen)])
        return
    for number in range(stories.NUMBERS[kind]):
        late = stories.LATE if kind in ("hollow", "quiet") and number == 0 else []
        story = rng.choice(late or (stories.UNDER_WAY if number % 3 == 0 else stories.OVER))
        teller.tell(rng.choice(carried), rng.choice(residents), story)


def of_the_family(teller: Teller, items: Iterable[ServiceItem], mother: Resident, son: Resident) -> None:
    """The mother has one at a department and one to fetch; the son's waits for a paper."""
    by_code = {item.code: item for item in items}
    teller.tell(by_code["manxingbing"], mother, stories.DEPARTMENT)
    teller.tell(by_code["gaoling-jintie"], mother, stories.FETCH)
    teller.tell(by_code["zhaijidi-jianfang"], son, stories.LACKING)


def _workdays_back(day: date, number: int, is_workday: Workdays) -> date:
    while number > 0:
        day -= timedelta(days=1)
        number -= is_workday(day)
    return day


def _days_after(day: date) -> Iterable[date]:
    return (day + timedelta(days=passed) for passed in range(1, 30))
