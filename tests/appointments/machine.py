"""Fixtures and helpers of test_state_machine.py; nothing is ever committed."""

from datetime import time

import time_machine
from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from appointments.models import Appointment, WaitingEntry
from portal.accounts.roles import Role
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.model import MONDAY, MORNING, Refused, Visit, moment
from tests.appointments.model_waiting import Turn, WaitingModel


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(moment(MONDAY, time(8)), tick=False)
        self.traveller = self.clock.start()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.build()

    def build(self) -> None:
        village = factories.DivisionFactory(code="990101100201", name="柳湾村村民委员会")
        self.center = factories.CenterFactory(division=village)
        self.people = [factories.ResidentFactory(division=village, phone=f"1380000000{n}") for n in range(4)]
        self.items = {steps: factories.ServiceItemFactory(minutes=30 * steps) for steps in (1, 2)}
        self.cadre = factories.MembershipFactory(division=village, role=Role.MANAGER).user
        self.officer = factories.MembershipFactory(division=village, role=Role.TOWNSHIP).user
        self.closures = {}
        self.model = WaitingModel()
        for weekday in (0, 1):
            self.open(weekday, MORNING)
        self.make()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)
        self.clock.stop()

    def open(self, weekday: int, hours: tuple[time, time]) -> None:
        factories.OpeningRuleFactory(
            center=self.center,
            weekday=weekday,
            opens=hours[0],
            closes=hours[1],
            online_places=self.model.places["online"],
            desk_places=self.model.places["desk"],
        )

    def make(self) -> None:
        factories.arrange(self.center)
        self.model.make()

    # Model and portal compared

    def both(self, expected, done) -> bool:
        """Apply it to the model and the portal; True when both accept. Refusals must have the same code."""
        refusal = refusal_of(expected, Refused)
        assert refusal_of(done, RuleBroken) == refusal
        return refusal is None

    def pk_of(self, visit: Visit) -> int:
        return next(pk for pk, known in self.model.visits.items() if known is visit)

    def row(self, visit: Visit) -> Appointment:
        return Appointment.objects.get(pk=self.pk_of(visit))

    def entry(self, turn: Turn) -> WaitingEntry:
        return WaitingEntry.objects.get(pk=next(pk for pk, known in self.model.turns.items() if known is turn))


def refusal_of(action, kind: type[Exception]) -> str | None:
    try:
        action()
    except kind as refusal:
        return refusal.code
    return None
