"""Message metrics for `/metrics`, counted in the database."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from portal.metrics import Family
from portal.notifications.channels import has_provider
from portal.notifications.models import Beat, Channel, Message


def families() -> Iterator[Family]:
    now = timezone.now()
    counted = Message.objects.order_by().values_list("state", "channel").annotate(number=Count("pk"))
    oldest = Message.objects.due(now).first()
    waiting = (now - oldest.ready_at).total_seconds() if oldest else 0
    beats = [({"job": beat.name}, (now - beat.at).total_seconds()) for beat in Beat.objects.order_by("name")]
    states = [({"state": state, "channel": channel}, n) for state, channel, n in counted]
    providers = [({"channel": channel.value}, float(has_provider(channel))) for channel in (Channel.SMS, Channel.VOICE)]
    yield "channel_has_provider", "gauge", "1 if somebody sends this channel's messages, else 0.", providers
    yield "messages", "gauge", "Messages by what became of them.", states
    yield "oldest_due_message_seconds", "gauge", "How long the one that waits longest has been due.", [({}, waiting)]
    yield "upkeep_age_seconds", "gauge", "How long ago each job of settings.UPKEEP last ended well.", beats
