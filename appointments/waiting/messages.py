"""Messages to people on the waiting list: `after_…` plans them, `words` says them. An SMS has at most 70 characters."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from appointments.waiting.links import offer_link
from appointments.waiting.models import WaitingEntry
from centers.center_lookup import phone_for
from centers.people.messages import person_of
from portal.notifications.keys import key_of
from portal.notifications.models import Message
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import addressed, filled, fitted, for_channels
from portal.notifications.subjects import Words
from portal.ui import words as said_as

JOINED, OFFERED, LAPSED, OVER, CLOSED = "wait_joined", "wait_offered", "wait_lapsed", "wait_over", "wait_closed"
OFFER_REVOKED = "wait_withdrawn"
TITLES = {
    JOINED: gettext_lazy("排上候补"),
    OFFERED: gettext_lazy("轮到您了"),
    LAPSED: gettext_lazy("空位让给下一位了"),
    OFFER_REVOKED: gettext_lazy("留的位子收回了"),
    OVER: gettext_lazy("没有等到空位"),
    CLOSED: gettext_lazy("停开，候补结束"),
}
# Unsent ones about one entry become one: the strongest says what holds.
MERGED = (JOINED, OFFER_REVOKED, OFFERED, LAPSED, OVER, CLOSED)
OFFERED_TEXTS = (
    gettext_noop("%(when)s%(item)s有空位，留到%(until)s，要不要点"),
    gettext_noop("%(when)s有空位，留到%(until)s，要不要点"),
    gettext_noop("%(when)s有位，%(until)s前点"),
)


def subject_of(entry: WaitingEntry) -> str:
    return key_of("waiting", entry.pk)


def after_joining(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    return _about(entry, JOINED, now, entry.slot.starts_at)


def after_offering(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    return _about(entry, OFFERED, now, entry.offer_ends_at or entry.slot.starts_at, needs_call=True)


def after_lapse(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    return _about(entry, LAPSED, now, _a_day_after(entry, now), needs_call=True)


def after_revoking(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    return _about(entry, OFFER_REVOKED, now, entry.slot.starts_at, needs_call=True)


def after_waiting_in_vain(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    return _about(entry, OVER, now, _a_day_after(entry, now), needs_call=True)


def after_closing(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    return _about(entry, CLOSED, now, _a_day_after(entry, now), needs_call=True)


def words(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    return _WORDS[message.kind](entry, message, now)


def _about(
    entry: WaitingEntry, kind: str, now: datetime, expires: datetime, *, needs_call: bool = False
) -> list[NewMessage]:
    """The occasion is the moment of the step: there may be several offers for one time."""
    person = person_of(entry.resident)
    return for_channels(subject_of(entry), person, entry.phone, kind, now, expires, needs_call=needs_call)


def _a_day_after(entry: WaitingEntry, now: datetime) -> datetime:
    return max(entry.slot.starts_at, now) + timedelta(days=1)


def _joined(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    if not entry.is_open or entry.offered_at:
        return None
    said = _facts(entry, message) | {"position": entry.position, "code": entry.code}
    body = _("%(name)s您好，%(when)s%(item)s已排上候补，第%(position)d位，候补码%(code)s。有空位马上告诉您") % said
    return Words(body)


def _offered(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    if not entry.is_offered(now):
        return None
    said = _facts(entry, message) | {"until": _until(entry.offer_ends_at, now), "code": entry.code}
    body = filled(
        _("%(name)s您好，%(when)s%(item)s有空位，给您留到%(until)s。要不要请[电%(phone)s，]报候补码%(code)s"), said
    )
    return Words(body, fitted(OFFERED_TEXTS, said, offer_link(entry)))


def _lapsed(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    if entry.outcome != WaitingEntry.Outcome.LAPSED:
        return None
    return _said(
        _("%(name)s您好，%(when)s%(item)s的空位没等到您回话，让给下一位了。[还要约请电%(phone)s]"), entry, message
    )


def _revoked(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    if not entry.is_open or entry.offered_at:
        return None
    return _said(
        _("%(name)s您好，%(when)s办%(item)s的人不在，位子收回了，您仍排在原位。[问电%(phone)s]"), entry, message
    )


def _over(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    if entry.outcome != WaitingEntry.Outcome.OVER:
        return None
    return _said(
        _("%(name)s您好，%(when)s%(item)s没有等到空位，候补结束了。[改约别的时间请电%(phone)s]"), entry, message
    )


def _closed(entry: WaitingEntry, message: Message, now: datetime) -> Words | None:
    if entry.outcome != WaitingEntry.Outcome.CLOSED:
        return None
    return _said(_("%(name)s您好，%(when)s中心停开，您的候补结束了。[改约别的时间请电%(phone)s]"), entry, message)


_WORDS: dict[str, Callable[[WaitingEntry, Message, datetime], Words | None]] = {
    JOINED: _joined,
    OFFERED: _offered,
    LAPSED: _lapsed,
    OFFER_REVOKED: _revoked,
    OVER: _over,
    CLOSED: _closed,
}


def _said(text: str, entry: WaitingEntry, message: Message) -> Words:
    return Words(filled(text, _facts(entry, message)))


def _facts(entry: WaitingEntry, message: Message) -> dict:
    return {
        "when": _("%(day)s%(time)s")
        % {"day": said_as.short_day(entry.slot.starts_at), "time": said_as.clock(entry.slot.starts_at)},
        "item": str(entry.item),
        **addressed(message, entry.resident.name, phone_for(entry)),
    }


def _until(moment: datetime | None, now: datetime) -> str:
    """上午9:30, or 13日上午9:30 when it is not today: a message queued at night is read in the morning."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate(now):
        return said_as.clock(moment)
    return _("%(day)s日%(time)s") % {"day": local.day, "time": said_as.clock(moment)}
