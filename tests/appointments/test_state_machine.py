"""B1: any sequence of what people and the calendar do, beside a plain model that says what should come of it.

Short in `make test`; B1=full runs 500 sequences of 50 steps.
"""

import os
import uuid
from datetime import time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from appointments import invariants
from appointments.models import Appointment, Channel, Place, Slot
from appointments.services import attendance, booking, places, slots
from centers.models import OpeningRule
from centers.services import closures
from portal.accounts.roles import Role
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.model import HALF_HOUR, MONDAY, MORNING, NOON, TIMES, Model, Refused, Visit, moment

FULL = os.environ.get("B1") == "full"
RUNS, STEPS = (500, 50) if FULL else (15, 20)
HOURS = st.sampled_from(TIMES)


class Booking(RuleBasedStateMachine):
    visits = Bundle("visits")

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
        self.model = Model()
        for weekday in (0, 1):
            self.open(weekday, MORNING)
        self.make()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)
        self.clock.stop()

    # What people do

    @initialize(target=visits)
    def somebody_has_booked(self):
        return self.ask(0, TIMES[2], 1, Channel.ONLINE, 1)

    @rule(
        target=visits,
        person=st.integers(0, 3),
        starts=HOURS,
        steps=st.integers(1, 2),
        channel=st.sampled_from([Channel.ONLINE, Channel.PHONE]),
        size=st.integers(1, 2),
    )
    def book(self, person, starts, steps, channel, size):
        return self.ask(person, starts, steps, channel, size)

    def ask(self, person, starts, steps, channel, size):
        slot = Slot.objects.filter(center=self.center, starts_at=starts).first()
        if slot is None:
            return None
        key = str(uuid.uuid4())
        visit = Visit(person, booking.pools_for(channel), steps, size, starts, "")
        return self.both(
            lambda: self.model.expect_booking(visit, channel),
            lambda: self.book_for_real(visit, slot, channel, key),
        ) and (visit, key)

    def book_for_real(self, visit, slot, channel, key) -> None:
        made = booking.book(
            slot=slot,
            item=self.items[visit.steps],
            resident=self.people[visit.person],
            channel=channel,
            party_size=visit.size,
            key=key,
        )
        self.model.visits[made.pk] = visit

    @rule(made=visits)
    def send_the_same_form_again(self, made):
        if not made:
            return
        visit, key = made
        pk = self.pk_of(visit)
        slot = Slot.objects.get(center=self.center, starts_at=visit.starts)
        again = booking.book(
            slot=slot,
            item=self.items[visit.steps],
            resident=self.people[visit.person],
            channel=Channel.ONLINE,
            key=key,
        )
        assert again.pk == pk

    @rule(made=visits, by_center=st.booleans())
    def cancel(self, made, by_center):
        if made:
            self.both(
                lambda: self.model.expect_cancelling(made[0], by_center),
                lambda: booking.cancel(appointment=self.row(made[0]), by_center=by_center),
            )

    @rule(made=visits, starts=HOURS)
    def move(self, made, starts):
        slot = Slot.objects.filter(center=self.center, starts_at=starts).first()
        if made and slot:
            self.both(
                lambda: self.model.expect_moving(made[0], starts),
                lambda: booking.move(appointment=self.row(made[0]), slot=slot),
            )

    @rule(made=visits, mark=st.sampled_from(["arrive", "serve", "miss", "undo"]))
    def mark(self, made, mark):
        if made:
            self.both(
                lambda: getattr(self.model, f"expect_{mark}")(made[0]),
                lambda: getattr(attendance, mark)(appointment=self.row(made[0]), by=self.cadre),
            )

    # What the center and the calendar do

    @rule(day=st.integers(0, 1))
    def close_a_day(self, day):
        if day in self.closures:
            return
        starts = moment(MONDAY + timedelta(days=day), time(0))
        closure = closures.request(
            center=self.center, starts_at=starts, ends_at=starts + timedelta(days=1), reason="farming", by=self.cadre
        )
        self.closures[day] = closures.approve(closure=closure, by=self.officer)
        self.model.closed_days.add(day)
        self.make()

    @rule(day=st.integers(0, 1))
    def reopen_a_day(self, day):
        if closure := self.closures.pop(day, None):
            closures.withdraw(closure=closure, by=self.cadre)
            self.model.closed_days.remove(day)
            self.make()

    @rule(pool=st.sampled_from(["online", "desk"]), number=st.integers(0, 3))
    def change_the_places(self, pool, number):
        self.model.places[pool] = number
        OpeningRule.objects.update(**{f"{pool}_places": number})
        self.make()

    @rule()
    def open_at_noon_or_no_longer(self):
        self.model.has_noon = not self.model.has_noon
        if self.model.has_noon:
            self.open(0, NOON)
        else:
            OpeningRule.objects.filter(opens=NOON[0]).delete()
        self.make()

    @rule(steps=st.integers(1, 3))
    def time_passes(self, steps):
        if timezone.now() < moment(MONDAY, time(14)):
            self.traveller.shift(steps * HALF_HOUR)

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
        slots.make_between([self.center], MONDAY, MONDAY + timedelta(days=1))
        self.model.make()

    # Side by side

    def both(self, expected, done) -> bool:
        """Do it in both; True when both did it. They have to refuse alike."""
        refusal = refusal_of(expected, Refused)
        assert refusal_of(done, RuleBroken) == refusal
        return refusal is None

    def pk_of(self, visit: Visit) -> int:
        return next(pk for pk, known in self.model.visits.items() if known is visit)

    def row(self, visit: Visit) -> Appointment:
        return Appointment.objects.get(pk=self.pk_of(visit))

    @invariant()
    def nothing_is_broken(self):
        assert {sentence: list(rows) for sentence, rows in invariants.invariants(timezone.now()) if rows} == {}

    @invariant()
    def every_slot_is_as_the_model_says(self):
        stored = {
            slot.starts_at: (
                slot.closed_at is None,
                {"online": slot.online_places, "desk": slot.desk_places},
                {"online": slot.online_taken, "desk": slot.desk_taken},
            )
            for slot in Slot.objects.all()
        }
        assert stored == {starts: (room.is_open, room.places, room.taken) for starts, room in self.model.rooms.items()}

    @invariant()
    def every_appointment_is_as_the_model_says(self):
        stored = {row.pk: (row.status, row.starts_at) for row in Appointment.objects.all()}
        assert stored == {pk: (visit.status, visit.starts) for pk, visit in self.model.visits.items()}

    @invariant()
    def every_place_is_as_the_model_says(self):
        held = Place.objects.filter(released_at__isnull=True)
        stored = sorted(held.values_list("appointment", "slot__starts_at", "pool", "size"))
        assert stored == sorted(
            (pk, time, visit.pool, visit.size)
            for pk, visit in self.model.visits.items()
            for time in self.model.held(visit)
        )


def refusal_of(action, kind: type[Exception]) -> str | None:
    try:
        action()
    except kind as refusal:
        return refusal.code
    return None


def run() -> None:
    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        derandomize=not FULL,
        database=None,
        deadline=None,
        # Making a failing sequence shorter takes minutes; B1=full does it.
        phases=[Phase.generate, Phase.shrink] if FULL else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Booking, settings=chosen)


@pytest.mark.django_db
def test_b1_whatever_is_done_in_whatever_order_counters_rows_and_a_plain_model_agree():
    run()


@pytest.mark.skipif(FULL, reason="the control is as good when it is short")
@pytest.mark.django_db
def test_b1_control_a_place_that_is_never_given_back_is_noticed(monkeypatch):
    monkeypatch.setattr(places, "give", lambda *_: None)
    with pytest.raises(AssertionError):
        run()
