"""Which messages about bookings, waiting and cases have reached nobody, for those who may have to pick up the phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment, Case, WaitingEntry
from centers import access
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.notifications.models import Channel, Message, State

# Older ones help nobody any more: the appointments are over.
LOOK_BACK = timedelta(days=30)

Subject = Appointment | Case | WaitingEntry


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
    """By SMS, call or e-mail, due in the last thirty days, about bookings, waiting and cases within reach."""
    since = now - LOOK_BACK
    booked = _subjects(Appointment.objects.filter(ends_at__gt=since), "appointment:", user)
    waits = _subjects(WaitingEntry.objects.filter(slot__ends_at__gt=since), "waiting:", user)
    carried = _subjects(Case.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=since)), "case:", user)
    unsettled = Message.objects.unsettled().filter(due_at__lte=now, due_at__gt=since)
    ours = Q(subject__in=booked) | Q(subject__in=waits) | Q(subject__in=carried)
    return unsettled.filter(ours).exclude(channel=Channel.INBOX)


def _subjects(rows: QuerySet, prefix: str, user: User) -> QuerySet:
    seen = access.bounded(rows.order_by(), "center__division__code", user, Permission.VIEW_DAY)
    return seen.annotate(subject=Concat(Value(prefix), Cast("pk", CharField()))).values("subject")


def counts(messages: QuerySet[Message]) -> dict[str, int]:
    return messages.order_by().aggregate(**{group.key: Count("pk", filter=group.states) for group in GROUPS})


def pk_of(message: Message, what: str) -> int | None:
    """12 of `appointment:12`, asked for an appointment; of `case:12`, asked for a case; and so on."""
    kind, _colon, number = message.subject.partition(":")
    return int(number) if kind == what and number.isdigit() else None


def with_subjects(messages: list[Message]) -> list[tuple[Message, Subject]]:
    """Each message with what it is about, in a query for each kind."""
    booked = _about(messages, "appointment", Appointment.objects.for_pages())
    carried = _about(messages, "case", Case.objects.select_related("center", "resident", "item"))
    waits = _about(messages, "waiting", WaitingEntry.objects.for_pages())
    found = booked | carried | waits
    return [(message, found[message.subject]) for message in messages if message.subject in found]


def _about(messages: list[Message], what: str, rows: QuerySet) -> dict[str, Subject]:
    pks = {pk_of(message, what) for message in messages} - {None}
    return {f"{what}:{pk}": row for pk, row in rows.in_bulk(pks).items()} if pks else {}
