from datetime import date

import factory
from django.utils import timezone

from appointments.models import ItemAgent, SlotGap
from centers import models
from centers.days import months
from tests.factories.accounts import UserFactory
from tests.factories.appointments import SlotFactory
from tests.factories.centers import CenterFactory


class StaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Staff

    center = factory.SubFactory(CenterFactory)
    name = factory.Sequence(lambda number: f"赵{'甲乙丙丁戊己庚辛'[number % 8]}{number}")
    title = "村委会委员"
    phone = factory.Sequence(lambda number: f"137{number:08d}")
    joined_on = date(2020, 1, 1)
    order = factory.Sequence(int)


class RosterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Roster
        django_get_or_create = ["center", "month"]

    center = factory.SubFactory(CenterFactory)
    month = factory.LazyFunction(lambda: months.starts(timezone.localdate()))

    class Params:
        published = factory.Trait(
            published_at=factory.LazyFunction(timezone.now), published_by=factory.SubFactory(UserFactory)
        )


class DutyShiftFactory(factory.django.DjangoModelFactory):
    """A shift of a published roster; `staff` says where, `date` when."""

    class Meta:
        model = models.DutyShift

    staff = factory.SubFactory(StaffFactory)
    date = factory.LazyFunction(timezone.localdate)
    part = models.Part.MORNING
    kind = models.DutyShift.Kind.OFFICE
    position = models.DutyShift.Position.MAIN
    roster = factory.SubFactory(
        RosterFactory,
        center=factory.SelfAttribute("..staff.center"),
        month=factory.LazyAttribute(lambda roster: months.starts(roster.factory_parent.date)),
        published=True,
    )


class LeaveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Leave

    staff = factory.SubFactory(StaffFactory)
    first_date = factory.LazyFunction(timezone.localdate)
    last_date = factory.SelfAttribute("first_date")
    reason = "家里有事"

    class Params:
        agreed = factory.Trait(agreed_at=factory.LazyFunction(timezone.now), agreed_by=factory.SubFactory(UserFactory))


class ShiftSwapFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ShiftSwap

    shift = factory.SubFactory(DutyShiftFactory)
    taker = factory.SubFactory(StaffFactory, center=factory.SelfAttribute("..shift.staff.center"))


class PresenceReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PresenceReport

    center = factory.SubFactory(CenterFactory)
    date = factory.LazyFunction(timezone.localdate)
    part = models.Part.MORNING
    found_somebody = False


class ItemAgentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ItemAgent

    staff = factory.SubFactory(StaffFactory)
    center = factory.SelfAttribute("staff.center")
    item_code = "yanglao-renzheng"


class SlotGapFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SlotGap

    slot = factory.SubFactory(SlotFactory)
    center = factory.SelfAttribute("slot.center")
    item_code = "yanglao-renzheng"
