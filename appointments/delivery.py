"""Which messages about appointments have not reached anybody, for those who may have to pick up the phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from centers import access
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.notifications.models import Channel, Message, State

# Older ones help nobody any more: the appointments are over.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Group:
    key: str
    word: str | Promise
    empty: str | Promise
    states: Q


GROUPS = [
    Group("missed", _("没通知到"), _("要通知的人都通知到了。"), Q(state__in=State.undelivered())),
    Group("failing", _("正在重试"), _("没有正在重试的消息。"), Q(state=State.PENDING, attempts__gt=0)),
    Group(
        "waiting",
        _("等着发"),
        _("到时间的消息都发出去了。"),
        Q(state=State.SENDING) | Q(state=State.PENDING, attempts=0),
    ),
    Group("called", _("已打电话"), _("最近没有改为打电话的消息。"), Q(state=State.CALLED)),
]


def within_reach(user: User, now: datetime) -> QuerySet[Message]:
    """By SMS, call or e-mail, due in the last thirty days, about appointments that the person may see."""
    seen = access.bounded(Appointment.objects.order_by(), "center__division__code", user, Permission.VIEW_DAY)
    recent = seen.filter(ends_at__gt=now - LOOK_BACK)
    subjects = recent.annotate(subject=Concat(Value("appointment:"), Cast("pk", CharField()))).values("subject")
    unsettled = Message.objects.unsettled().filter(due_at__lte=now, due_at__gt=now - LOOK_BACK, subject__in=subjects)
    return unsettled.exclude(channel=Channel.INBOX)


def counts(messages: QuerySet[Message]) -> dict[str, int]:
    return messages.order_by().aggregate(**{group.key: Count("pk", filter=group.states) for group in GROUPS})


def appointment_pk(message: Message) -> int | None:
    """12 of `appointment:12`."""
    what, _colon, number = message.subject.partition(":")
    return int(number) if what == "appointment" and number.isdigit() else None


def with_appointments(messages: list[Message]) -> list[tuple[Message, Appointment]]:
    pks = {appointment_pk(message) for message in messages}
    found = Appointment.objects.for_pages().in_bulk([pk for pk in pks if pk])
    return [(message, found[pk]) for message in messages if (pk := appointment_pk(message)) in found]
