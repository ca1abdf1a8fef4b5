import factory
from django.utils import timezone

from portal.notifications import models


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Message

    # About nothing in the registry, so that it is sent with the words that it has.
    subject = factory.Sequence(lambda number: f"text:{number}")
    person = "resident:1"
    kind = "confirmed"
    channel = models.Channel.SMS
    state = factory.LazyAttribute(lambda message: "listed" if message.channel == "inbox" else "pending")
    due_at = factory.LazyFunction(timezone.now)
    occasion = factory.SelfAttribute("due_at")
    address = "13800005678"
    title = "预约成功"
    body = "【家门口】已约好"


class BeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Beat

    name = "send-due-messages"
    at = factory.LazyFunction(timezone.now)
