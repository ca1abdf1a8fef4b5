from datetime import datetime, time, timedelta

import factory
from django.utils import timezone

from appointments import models
from appointments.booking.models import Channel
from tests.factories.accounts import UserFactory
from tests.factories.centers import CenterFactory, DivisionFactory, ResidentFactory


def at(day_offset: int, hour: int, minute: int = 0) -> datetime:
    """So many days from today, at local clock time."""
    day = timezone.localdate() + timedelta(days=day_offset)
    return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())


class ServiceItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ServiceItem

    division = factory.SubFactory(DivisionFactory, code="990101000000", name="青禾县")
    code = factory.Sequence(lambda number: f"item-{number}")
    category = models.Category.SECURITY
    name = "城乡居民养老保险待遇领取资格认证"
    everyday_name = "养老金认证"
    materials = ["身份证"]
    statutory_kind = "instant"
    promised_kind = "instant"
    handling_mode = "assisted"
    minutes = 30

    class Params:
        carried = factory.Trait(  # by an agent, through township and department
            code="dibao",
            everyday_name="申请低保",
            handling_mode="proxy",
            promised_kind="workdays",
            promised_limit=22,
        )


class ItemDraftFactory(ServiceItemFactory):
    class Meta:
        model = models.ItemDraft

    changed_by = factory.SubFactory(UserFactory)


class ItemOptOutFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ItemOptOut

    division = factory.SubFactory(DivisionFactory)
    code = "yanglao-renzheng"
    by = factory.SubFactory(UserFactory)


class SlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Slot

    center = factory.SubFactory(CenterFactory)
    starts_at = factory.LazyFunction(lambda: at(3, 9))
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(minutes=30))
    online_places = 2
    desk_places = 1

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """The opening rules of the center may have made the slot already."""
        key = {"center": kwargs.pop("center"), "starts_at": kwargs.pop("starts_at")}
        return model_class.objects.update_or_create(**key, defaults=kwargs)[0]


class AppointmentFactory(factory.django.DjangoModelFactory):
    """A row as it would be after booking, without the places; book through the service where they matter."""

    class Meta:
        model = models.Appointment

    center = factory.SubFactory(CenterFactory)
    item = factory.SubFactory(ServiceItemFactory)
    resident = factory.SubFactory(ResidentFactory)
    starts_at = factory.LazyFunction(lambda: at(3, 9))
    ends_at = factory.LazyAttribute(lambda appointment: appointment.starts_at + timedelta(minutes=30))
    # Drawn at random, two of two hundred at one center are alike in every fortieth run. The portal, which does draw,
    # draws none that begins with 0.
    code = factory.Sequence(lambda number: f"0{10_000 + number % 90_000}")
    key = factory.Faker("uuid4")
    channel = Channel.ONLINE
    phone = factory.SelfAttribute("resident.phone")

    class Params:
        served = factory.Trait(
            arrived_at=factory.SelfAttribute("starts_at"),
            served_at=factory.SelfAttribute("starts_at"),
            served_by=factory.SubFactory(UserFactory),
        )
        cancelled = factory.Trait(cancelled_at=factory.LazyFunction(timezone.now), cancelled_by="villager")
        missed = factory.Trait(missed_at=factory.SelfAttribute("ends_at"), missed_by=factory.SubFactory(UserFactory))


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Place

    appointment = factory.SubFactory(AppointmentFactory)
    slot = factory.SubFactory(SlotFactory, center=factory.SelfAttribute("..appointment.center"))
    resident = factory.SelfAttribute("appointment.resident")
    pool = models.Place.Pool.ONLINE


class OfflineMarkFactory(factory.django.DjangoModelFactory):
    """Somebody without an appointment, still to be entered."""

    class Meta:
        model = models.OfflineMark

    center = factory.SubFactory(CenterFactory)
    key = factory.Faker("uuid4")
    kind = "note"
    made_at = factory.LazyFunction(timezone.now)
    by = factory.SubFactory(UserFactory)
    outcome = "applied"
    name = "赵德贵"
    matter = "开证明"


class WaitingEntryFactory(factory.django.DjangoModelFactory):
    """A row as it would be after joining; offer through the service where what is held matters."""

    class Meta:
        model = models.WaitingEntry

    center = factory.SelfAttribute("slot.center")
    slot = factory.SubFactory(SlotFactory, online_taken=2, desk_taken=1)
    item = factory.SubFactory(ServiceItemFactory)
    resident = factory.SubFactory(ResidentFactory)
    key = factory.Faker("uuid4")
    channel = Channel.ONLINE
    phone = factory.SelfAttribute("resident.phone")

    class Params:
        offered = factory.Trait(
            offered_at=factory.LazyFunction(timezone.now),
            offer_ends_at=factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=30)),
        )
        left = factory.Trait(ended_at=factory.LazyFunction(timezone.now), outcome="left")


class HoldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Hold

    slot = factory.SubFactory(SlotFactory)
    pool = models.Place.Pool.ONLINE
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=3))


class KeptBookingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.KeptBooking

    appointment = factory.SubFactory(AppointmentFactory)
    starts_at = factory.SelfAttribute("appointment.starts_at")
    how = models.KeptBooking.How.HOME


class LinkUseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.LinkUse

    appointment = factory.SubFactory(AppointmentFactory)
    key = "b0"
    did = models.LinkUse.Answer.CONFIRMED
