"""What the portal says to somebody in line: one function a message. An SMS of at most 70 characters, as elsewhere."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from appointments.waiting.links import offer_link
from appointments.waiting.models import WaitingEntry
from centers.people.messages import person_of
from portal.notifications.keys import key_of
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import fitted, for_channels
from portal.ui import words

JOINED, OFFERED, LAPSED, OVER, CLOSED = "wait_joined", "wait_offered", "wait_lapsed", "wait_over", "wait_closed"
WITHDRAWN = "wait_withdrawn"
OFFERED_TEXTS = (
    gettext_noop("%(when)s%(item)s有空位，留到%(until)s，要不要点"),
    gettext_noop("%(when)s有空位，留到%(until)s，要不要点"),
    gettext_noop("%(when)s有位，%(until)s前点"),
)


def subject_of(entry: WaitingEntry) -> str:
    return key_of("waiting", entry.pk)


def after_joining(entry: WaitingEntry, position: int, now: datetime) -> list[NewMessage]:
    said = _facts(entry) | {"position": position, "code": entry.code}
    body = _("%(name)s您好，%(when)s%(item)s已排上候补，第%(position)d位，候补码%(code)s。有空位马上告诉您") % said
    return _said(entry, JOINED, now, _("排上候补"), body)


def after_offering(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    said = _facts(entry) | {"until": _until(entry.offer_ends_at, now), "code": entry.code}
    body = _("%(name)s您好，%(when)s%(item)s有空位，给您留到%(until)s。要不要请电%(phone)s，报候补码%(code)s") % said
    sms = fitted(OFFERED_TEXTS, said, offer_link(entry))
    return _said(entry, OFFERED, now, _("轮到您了"), body, expires=entry.offer_ends_at, sms=sms)


def after_lapse(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    said = _facts(entry)
    body = _("%(name)s您好，%(when)s%(item)s的空位没等到您回话，让给下一位了。还要约请电%(phone)s") % said
    return _said(entry, LAPSED, now, _("空位让给下一位了"), body)


def after_withdrawing(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    body = _("%(name)s您好，%(when)s办%(item)s的人不在，位子收回了，您仍排在原位。问电%(phone)s") % _facts(entry)
    return _said(entry, WITHDRAWN, now, _("留的位子收回了"), body)


def after_waiting_in_vain(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    body = _("%(name)s您好，%(when)s%(item)s没有等到空位，候补结束了。改约别的时间请电%(phone)s") % _facts(entry)
    return _said(entry, OVER, now, _("没有等到空位"), body)


def after_closing(entry: WaitingEntry, now: datetime) -> list[NewMessage]:
    body = _("%(name)s您好，%(when)s中心停开，您的候补结束了。改约别的时间请电%(phone)s") % _facts(entry)
    return _said(entry, CLOSED, now, _("停开，候补结束"), body)


def _said(
    entry: WaitingEntry, kind: str, now: datetime, title: str, body: str, expires: datetime | None = None, sms: str = ""
) -> list[NewMessage]:
    person = person_of(entry.resident)
    return for_channels(subject_of(entry), person, entry.phone, kind, now, title, body, expires, sms)


def _facts(entry: WaitingEntry) -> dict:
    return {
        "name": words.masked_name(entry.resident.name),
        "when": _("%(day)s%(time)s")
        % {"day": words.short_day(entry.slot.starts_at), "time": words.clock(entry.slot.starts_at)},
        "item": str(entry.item),
        "phone": entry.center.phone,
    }


def _until(moment: datetime | None, now: datetime) -> str:
    """上午9:30, and 13日上午9:30 where it is not today's: what is written by night is read in the morning."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate(now):
        return words.clock(moment)
    return _("%(day)s日%(time)s") % {"day": local.day, "time": words.clock(moment)}
