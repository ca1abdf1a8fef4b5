"""Which messages have reached nobody, for those who may have to pick up the phone.

About bookings, waiting and cases: whoever sees the center's day. To staff about swaps and leave: the center's managers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment
from appointments.cases.models import Case
from appointments.waiting.models import WaitingEntry
from centers import access
from centers.duty import messages as duty_messages
from centers.models import Leave, ShiftSwap, Staff
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.notifications.models import Channel, Message, State
from portal.ui import words

# Older ones help nobody any more: the appointments are over.
LOOK_BACK = timedelta(days=30)
# A colleague's leave is nobody's business at the desk: whoever keeps the roster rings them up.
TO_STAFF = Permission.MANAGE_CENTER

Subject = Appointment | Case | WaitingEntry | Leave | ShiftSwap


@dataclass(frozen=True)
class Row:
    """`name` as it may stand on the board; the number stands in full on the page behind `url`."""

    message: Message
    name: str
    url: str
    what: str
    more: str


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
    """By SMS, call or e-mail, due in the last thirty days, about what the person may see or may help with."""
    since = now - LOOK_BACK
    carried = Q(closed_at__isnull=True) | Q(closed_at__gt=since)
    leaves = Leave.objects.filter(last_date__gte=timezone.localdate(since))
    swaps = ShiftSwap.objects.filter(shift__date__gte=timezone.localdate(since))
    ours = (
        _about(Appointment.objects.filter(ends_at__gt=since), "appointment", "center", user)
        | _about(WaitingEntry.objects.filter(slot__ends_at__gt=since), "waiting", "center", user)
        | _about(Case.objects.filter(carried), "case", "center", user)
        | _about(leaves, "leave", "staff__center", user, TO_STAFF)
        | _about(swaps, "swap", "shift__roster__center", user, TO_STAFF)
    )
    unsettled = Message.objects.unsettled().filter(due_at__lte=now, due_at__gt=since)
    return unsettled.filter(ours).exclude(channel=Channel.INBOX)


def _about(rows: QuerySet, kind: str, center: str, user: User, permission: Permission = Permission.VIEW_DAY) -> Q:
    seen = access.bounded(rows.order_by(), f"{center}__division__code", user, permission)
    subjects = seen.annotate(subject=Concat(Value(f"{kind}:"), Cast("pk", CharField()))).values("subject")
    return Q(subject__in=subjects)


def counts(messages: QuerySet[Message]) -> dict[str, int]:
    return messages.order_by().aggregate(**{group.key: Count("pk", filter=group.states) for group in GROUPS})


def pk_of(key: str, what: str) -> int | None:
    """12 of `appointment:12`, asked for an appointment; of `case:12`, asked for a case; and so on."""
    kind, _colon, number = key.partition(":")
    return int(number) if kind == what and number.isdigit() else None


def rows(messages: list[Message]) -> list[Row]:
    """Each message with what it is about, in a query for each kind."""
    found: dict[str, Subject] = {
        **_found(messages, "appointment", Appointment.objects.for_pages()),
        **_found(messages, "case", Case.objects.select_related("center", "resident", "item")),
        **_found(messages, "waiting", WaitingEntry.objects.for_pages()),
        **_found(messages, "leave", Leave.objects.for_pages()),
        **_found(messages, "swap", ShiftSwap.objects.for_pages()),
    }
    people = Staff.objects.select_related("center__division").in_bulk(
        {pk for message in messages if (pk := pk_of(message.person, "staff"))}
    )
    return [
        _row(message, found[message.subject], people.get(pk_of(message.person, "staff") or 0))
        for message in messages
        if message.subject in found
    ]


def _found(messages: list[Message], what: str, rows: QuerySet) -> dict[str, Subject]:
    pks = {pk_of(message.subject, what) for message in messages} - {None}
    return {f"{what}:{pk}": row for pk, row in rows.in_bulk(pks).items()} if pks else {}


def _row(message: Message, about: Subject, staff: Staff | None) -> Row:
    if isinstance(about, Leave | ShiftSwap):
        to = staff or (about.staff if isinstance(about, Leave) else about.taker)
        url = f"{reverse('duty_person', args=[to.pk])}?center={to.center.code}"
        return Row(message, to.name, url, duty_messages.what(about), to.center.name)
    if isinstance(about, Appointment):
        url, what = reverse("desk_appointment", args=[about.pk]), words.moment(about.starts_at)
    elif isinstance(about, WaitingEntry):
        url = f"{reverse('desk_waiting')}?center={about.center.code}#w{about.pk}"
        what = f"{_('候补')} {words.moment(about.slot.starts_at)}"
    else:
        url, what = reverse("desk_case", args=[about.pk]), f"{_('代办')} {words.code(about.code)}"
    name = words.masked_name(about.resident.name)
    return Row(message, name, url, what, f"{about.item} · {about.center.name}")
