import factory
from django.utils import timezone

from portal.notifications import models


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Message

    subject = factory.Sequence(lambda number: f"appointment:{number}")
    person = "resident:1"
    kind = "confirmed"
    channel = models.Channel.SMS
    state = factory.LazyAttribute(lambda message: models.State.first(message.channel))
    due_at = factory.LazyFunction(timezone.now)
    address = "13800005678"
    title = "预约成功"
    body = "【家门口】已约好"


class BeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Beat

    name = "send-due-messages"
    at = factory.LazyFunction(timezone.now)
