"""Which messages have reached nobody, and whom to call, for those who may have to pick up the phone.

What they are about, and who may see it, is said by the entries of settings.MESSAGE_SUBJECTS.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centers import access
from portal.accounts.models import User
from portal.notifications import keys, subjects
from portal.notifications.models import Channel, Message, State
from portal.notifications.per_channel import unsigned
from portal.notifications.services import wording
from portal.notifications.subjects import Shown, Subject

# Older ones help nobody any more: the appointments are over.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """`about`: what staff see of its subject. `title`: as the message is worded now, or was.

    `holds`: False if it need not be said any more, because something has changed since.
    """

    message: Message
    about: Shown
    title: str
    holds: bool


@dataclass(frozen=True)
class Group:
    key: str
    word: str | Promise
    empty: str | Promise
    states: Q


GROUPS = [
    Group("call", _("要打电话"), _("没有要打的电话。"), Q(state=State.TO_CALL)),
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

# What somebody has to do something about.
TO_DO = GROUPS[0].states | GROUPS[1].states


def within_reach(user: User, now: datetime) -> QuerySet[Message]:
    """By SMS or call, due in the last thirty days and not past, about what the person may see or may help with.

    One row a person and subject on the call list: of the strongest kind (`Subject.merged`), and of equals the latest.
    A reminder that was not delivered is nobody's task if an earlier one of the same visit was.
    """
    since = now - LOOK_BACK
    ours = Q(pk__in=[])
    for prefix, subject in subjects.registered().items():
        ours |= Q(subject__in=_keys_within_reach(prefix, subject, user, since))
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    unsettled = Message.objects.unsettled().filter(alive, due_at__lte=now, due_at__gt=since)
    found = unsettled.filter(ours).exclude(channel=Channel.INBOX).exclude(_told_before())
    return found.annotate(rank=_rank()).exclude(_said_by_another())


def _told_before() -> Q:
    """Undelivered, after an earlier message of the same kind about the same occasion that arrived."""
    same = {name: OuterRef(name) for name in ("subject", "person", "kind", "occasion")}
    arrived = Message.objects.filter(**same, state__in=[State.SENT, State.DELIVERED, State.CALLED])
    arrived = arrived.exclude(pk=OuterRef("pk")).exclude(channel=Channel.INBOX)
    return Q(Exists(arrived), state__in=State.undelivered(), number__gt=0)


def _rank() -> Case:
    """The place of a message's kind in its subject's `merged`; 0 for others, which are said by themselves."""
    ranks = [
        When(subject__startswith=f"{prefix}:", kind=kind, then=Value(place))
        for prefix, subject in subjects.registered().items()
        for place, kind in enumerate(subject.merged, start=1)
    ]
    return Case(*ranks, default=Value(0), output_field=IntegerField())


def _said_by_another() -> Q:
    """To be called, and so is a stronger or later message to the same person about the same thing."""
    same = Message.objects.filter(subject=OuterRef("subject"), person=OuterRef("person"), state=State.TO_CALL)
    later = Q(due_at__gt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__gt=OuterRef("pk"))
    stronger = Q(rank__gt=OuterRef("rank")) | Q(later, rank=OuterRef("rank"))
    return Q(Exists(same.annotate(rank=_rank()).filter(stronger)), state=State.TO_CALL)


def _keys_within_reach(prefix: str, subject: Subject, user: User, since: datetime) -> QuerySet:
    seen = access.bounded(subject.recent(since).order_by(), subject.division, user, subject.seen_by)
    return seen.annotate(subject=keys.column_of(prefix)).values("subject")


def counts(messages: QuerySet[Message]) -> dict[str, int]:
    return messages.order_by().aggregate(**{group.key: Count("pk", filter=group.states) for group in GROUPS})


def rows(messages: list[Message], now: datetime) -> list[Row]:
    """Each message with what it is about, in a query for each prefix that occurs."""
    found = subjects.rows_of(messages)
    return [_row(message, found, now) for message in messages if message.subject in found]


def what_to_say(message: Message, now: datetime) -> str:
    """For the call: the words of this moment; of what does not hold any more, those that were sent."""
    said = wording.read_out(message, now)
    return said[1] if said else unsigned(message.body)


def _row(message: Message, found: dict[str, tuple[Subject, Model]], now: datetime) -> Row:
    subject, about = found[message.subject]
    title = message.title or wording.title_of(message, found, now) or message.heading
    return Row(message, subject.shown(about, message.person), title, wording.holds(message, found, now))
