from datetime import timedelta

import factory
from django.utils import timezone

from appointments import models
from tests.factories.accounts import UserFactory
from tests.factories.centers import CenterFactory


class QueueDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.QueueDay
        django_get_or_create = ["center", "day"]

    center = factory.SubFactory(CenterFactory)
    day = factory.LazyFunction(timezone.localdate)
    last_number = 100


class TicketFactory(factory.django.DjangoModelFactory):
    """A number of today in the hand of somebody who waits; given by the service where its counter matters."""

    class Meta:
        model = models.Ticket

    center = factory.SubFactory(CenterFactory)
    day = factory.LazyAttribute(lambda ticket: timezone.localdate(ticket.taken_at))
    number = factory.Sequence(lambda number: number + 1)
    key = factory.Faker("uuid4")
    taken_at = factory.LazyFunction(timezone.now)
    waits_from = factory.SelfAttribute("taken_at")

    class Params:
        called = factory.Trait(
            called_at=factory.LazyAttribute(lambda ticket: ticket.taken_at + timedelta(minutes=5)),
            called_times=1,
            called_by=factory.SubFactory(UserFactory),
            window=1,
        )
        done = factory.Trait(
            called_at=factory.LazyAttribute(lambda ticket: ticket.taken_at + timedelta(minutes=5)),
            called_times=1,
            called_by=factory.SubFactory(UserFactory),
            window=1,
            done_at=factory.LazyAttribute(lambda ticket: ticket.taken_at + timedelta(minutes=15)),
            done_by=factory.SelfAttribute("called_by"),
        )
