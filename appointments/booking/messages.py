"""Messages about an appointment: `after_…` plans them, `words` says them when they are handed over or shown."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from appointments.booking.confirmation import answer_link
from appointments.booking.displaced import has_reason, is_displaced, may_come, others_than
from appointments.booking.models import Appointment, Status
from appointments.invitation import RATE, RATE_TITLE, RATE_WITHIN, asked_to_rate
from centers.center_lookup import phone_for
from centers.people import consents
from centers.people.messages import person_of
from portal.notifications.channels import channel_of, has_provider
from portal.notifications.keys import key_of
from portal.notifications.models import Channel, Message
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import ONE_SMS, addressed, filled, fitted, for_channels, signed
from portal.notifications.quiet import end_of_quiet
from portal.notifications.subjects import Words
from portal.ui import words as said_as

CONFIRMED, REMINDER, MOVED, CANCELLED = "confirmed", "reminder", "moved", "cancelled"
DUTY_CHANGED = "duty_changed"
CLOSED, REOPENED = "closed", "reopened"
# What speaks of the visit as ahead; it ends with its start.
AHEAD = [CONFIRMED, REMINDER, MOVED, DUTY_CHANGED, CLOSED, REOPENED]
TITLES = {
    CONFIRMED: gettext_lazy("预约成功"),
    REMINDER: gettext_lazy("预约提醒"),
    MOVED: gettext_lazy("预约改了时间"),
    DUTY_CHANGED: gettext_lazy("办事的人有变动"),
    CLOSED: gettext_lazy("约的时间办不了了"),
    REOPENED: gettext_lazy("约的事又能办了"),
    CANCELLED: gettext_lazy("预约已取消"),
    RATE: RATE_TITLE,
}
# Unsent ones about one booking become one: the strongest says what holds.
MERGED = (REMINDER, CONFIRMED, MOVED, DUTY_CHANGED, REOPENED, CLOSED, CANCELLED)
# Who was not told that a visit is cancelled is told for so long after it, or after the cancellation.
CANCELLED_FOR = timedelta(days=1)
# A visit so near is told at any hour that its time is closed. Our default.
SOON = timedelta(hours=2)
# Such a message says so many characters of why, and so many free times.
WHY, OTHERS = 50, 3
# Tags of links: the booking message has its own, each reminder one, in the order of the settings, and each closing one,
# since somebody may have used the link of an earlier message.
BOOKED_TAG, REMINDER_TAGS, CLOSED_TAGS = "b", "123456789", "cdefghijklmnopqrstuvwxyz"
# Each SMS text with a link, with a shorter version for items with long names.
BOOKED_TEXTS = (
    gettext_noop("%(when)s%(item)s约好了，码%(code)s。改或退点"),
    gettext_noop("%(when)s约好，码%(code)s，改退点"),
)
MOVED_TEXTS = (
    gettext_noop("%(item)s改到%(when)s，码%(code)s。再改或退点"),
    gettext_noop("改到%(when)s，码%(code)s，改退点"),
)
CLOSED_TEXTS = (
    gettext_noop("%(when)s办不了%(item)s（%(why)s），改或退点"),
    gettext_noop("%(when)s办不了事，改或退点"),
)
REMINDER_TEXTS = (
    gettext_noop("提醒您%(when)s来办%(item)s，来不来请点"),
    gettext_noop("提醒您%(when)s来办事，来不来请点"),
)


def subject_of(appointment: Appointment) -> str:
    return key_of("appointment", appointment.pk)


def after_booking(appointment: Appointment, now: datetime) -> list[NewMessage]:
    return _about(appointment, CONFIRMED, now)


def after_moving(appointment: Appointment, now: datetime) -> list[NewMessage]:
    return _about(appointment, MOVED, now, number=appointment.move_count)


def after_cancelling(appointment: Appointment, now: datetime) -> list[NewMessage]:
    """Who cancelled knows it; who was cancelled by the center has to be told."""
    ends = max(appointment.starts_at, now) + CANCELLED_FOR
    return _about(appointment, CANCELLED, now, ends, needs_call=appointment.cancelled_by == "center")


def after_serving(appointment: Appointment, now: datetime) -> list[NewMessage]:
    """The invitation to rate, unless they have said no to it."""
    if consents.refuses(consents.Purpose.RATINGS, resident=appointment.resident_id, phone=appointment.phone):
        return []
    return _about(appointment, RATE, now, now + RATE_WITHIN)


def after_leave(
    appointment: Appointment, leave_agreed_at: datetime, stands_in: str, now: datetime, number: int = 0
) -> list[NewMessage]:
    """Somebody else handles the matter; without a stand-in the time is closed (`after_closing`).

    Idempotent per leave: the time of its approval, or of its withdrawal, is part of the message's identity, and its
    `number` where the stand-in changes once more.
    """
    said = {"occasion": leave_agreed_at, "number": number, "detail": stands_in}
    return _about(appointment, DUTY_CHANGED, now, needs_call=True, **said)


def after_closing(appointment: Appointment, now: datetime, why: str, *, number: int, by_call: bool) -> list[NewMessage]:
    """The time of the visit is no longer open, for the `number`-th time. `by_call`: staff call, nothing is sent.

    Urgent if the visit begins within two hours or before the quiet hours end: then it is told at any hour.
    """
    planned = _about(appointment, CLOSED, now, number=number, detail=why[:WHY], needs_call=True)
    urgent = is_urgent(now, appointment.starts_at)
    return [one._replace(is_urgent=urgent, by_call=by_call and one.channel != Channel.INBOX) for one in planned]


def after_reopening(appointment: Appointment, now: datetime, *, number: int) -> list[NewMessage]:
    """For whoever was told the `number`-th time that the time is closed."""
    planned = _about(appointment, REOPENED, now, number=number, needs_call=True)
    return [one._replace(is_urgent=is_urgent(now, appointment.starts_at)) for one in planned]


def is_urgent(now: datetime, starts_at: datetime) -> bool:
    """Whether it has to be told at once, also in the quiet hours: the visit begins before they end, or soon."""
    morning = end_of_quiet(timezone.localtime(now), *settings.QUIET_HOURS)
    return starts_at <= max(now + SOON, morning or now)


def reminder(appointment: Appointment, number: int, due: datetime) -> list[NewMessage]:
    """The reminder in position `number` (from 1) of the rule REMINDERS.

    A landline that no provider calls is called by staff, once: all its reminders have one identity.
    """
    planned = _about(appointment, REMINDER, due, number=number, needs_call=_is_landline(appointment.phone))
    by_staff = Channel.VOICE if not has_provider(Channel.VOICE) else None
    return [one._replace(number=1) if one.channel == by_staff else one for one in planned]


def words(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    return _WORDS[message.kind](appointment, message, now)


def _about(
    appointment: Appointment,
    kind: str,
    due: datetime,
    expires: datetime | None = None,
    *,
    occasion: datetime | None = None,
    number: int = 0,
    detail: str = "",
    needs_call: bool = False,
) -> list[NewMessage]:
    return for_channels(
        subject_of(appointment),
        person_of(appointment.resident),
        appointment.phone,
        kind,
        due,
        expires or appointment.starts_at,
        occasion=occasion or appointment.starts_at,
        number=number,
        detail=detail,
        needs_call=needs_call,
    )


def _is_landline(phone: str) -> bool:
    return bool(phone) and channel_of(phone) == Channel.VOICE


def _stands(appointment: Appointment, message: Message, now: datetime) -> bool:
    """Booked for the time that the message is about, which is still ahead and open: they may come."""
    return _is_booked_then(appointment, message, now) and may_come(appointment)


def _is_booked_then(appointment: Appointment, message: Message, now: datetime) -> bool:
    is_that_time = message.occasion in (None, appointment.starts_at)
    return is_that_time and appointment.status == Status.BOOKED and now < appointment.starts_at


def _confirmed(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if not _stands(appointment, message, now):
        return None
    facts = _facts(appointment, message)
    body = filled(_("%(name)s您好，已约好%(when)s到%(center)s办%(item)s，预约码%(code)s。[改期电%(phone)s]"), facts)
    return Words(body, fitted(BOOKED_TEXTS, facts, answer_link(appointment, BOOKED_TAG)))


def _moved(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if not _stands(appointment, message, now):
        return None
    facts = _facts(appointment, message)
    body = _("%(name)s您好，%(item)s改到%(when)s，在%(center)s，预约码%(code)s。") % facts
    return Words(body, fitted(MOVED_TEXTS, facts, answer_link(appointment, BOOKED_TAG)))


def _reminder(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if not _stands(appointment, message, now):
        return None
    facts, tag = _facts(appointment, message), REMINDER_TAGS[max(message.number, 1) - 1]
    body = filled(_("%(name)s您好，提醒您%(when)s到%(center)s办%(item)s，预约码%(code)s。[不来请电%(phone)s]"), facts)
    return Words(body, fitted(REMINDER_TEXTS, facts, answer_link(appointment, tag)))


def _duty_changed(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    stands = appointment.status == Status.BOOKED and now < appointment.starts_at and not has_reason(appointment)
    if not stands or not message.detail:
        return None
    facts = {**_facts(appointment, message), "who": message.detail}
    return Words(filled(_("%(name)s您好，%(when)s%(item)s改由%(who)s来办，时间地点不变。[问电%(phone)s]"), facts))


def _closed(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if not (_is_booked_then(appointment, message, now) and is_displaced(appointment)):
        return None
    # In rows of older releases a line with other times follows the reason.
    facts = _facts(appointment, message) | {"why": message.detail.split("\n")[0]}
    tag = CLOSED_TAGS[min(max(message.number, 1), len(CLOSED_TAGS)) - 1]
    sms = fitted(CLOSED_TEXTS, facts, answer_link(appointment, tag))
    if appointment.center.leads_to_id:
        was = {"was": appointment.center.name}
        said = _("%(name)s您好，%(was)s并到%(center)s了，%(when)s约的%(item)s要在那里另选时间。") % (facts | was)
    else:
        said = _("%(name)s您好，%(when)s%(center)s办不了%(item)s（%(why)s）。") % facts
    if appointment.has_ended:
        return Words(said + filled(_("[要取消，或者问去哪里办，电%(phone)s]"), facts), sms)
    if message.channel == Channel.VOICE:
        return Words(lazy(_with_others, str)(said, appointment, facts), sms)
    return Words(said + filled(_("点进去看现在还能约的时间，改时间或取消。[也可以电%(phone)s]"), facts), sms)


def _with_others(said: str, appointment: Appointment, facts: dict) -> str:
    """Read out: with the times that are free at that moment."""
    others = [_when(start.starts_at, get_language()) for start in others_than(appointment)[:OTHERS]]
    free = _("还可以约：%(others)s。") % {"others": _("、").join(others)} if others else ""
    return said + free + filled(_("[要改时间或取消，电%(phone)s]"), facts)


def _reopened(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if not _stands(appointment, message, now):
        return None
    facts = _facts(appointment, message)
    return Words(_("%(name)s您好，%(when)s约的%(item)s又能办了，照常来，在%(center)s，预约码%(code)s。") % facts)


def _cancelled(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if appointment.status != Status.CANCELLED:
        return None
    facts = _facts(appointment, message) | {"why": appointment.cancel_reason}
    short = filled(_("%(name)s您好，%(when)s%(item)s的预约取消了。[再约请电%(phone)s]"), facts)
    if appointment.cancelled_by != "center" or not appointment.cancel_reason:
        return Words(short)
    full = filled(_("%(name)s您好，%(when)s%(item)s的预约取消了，因为%(why)s。[再约请电%(phone)s]"), facts)
    return Words(full, full if len(signed(full)) <= ONE_SMS else short)


def _rate(appointment: Appointment, message: Message, now: datetime) -> Words | None:
    if appointment.status != Status.SERVED or appointment.rated_at:
        return None
    return asked_to_rate(appointment, _facts(appointment, message))


_WORDS: dict[str, Callable[[Appointment, Message, datetime], Words | None]] = {
    CONFIRMED: _confirmed,
    MOVED: _moved,
    REMINDER: _reminder,
    DUTY_CHANGED: _duty_changed,
    CLOSED: _closed,
    REOPENED: _reopened,
    CANCELLED: _cancelled,
    RATE: _rate,
}


def _facts(appointment: Appointment, message: Message) -> dict:
    """Short enough for one SMS of at most 70 characters, including the signature."""
    return {
        "when": _when(appointment.starts_at, get_language()),
        "item": str(appointment.item),
        "center": _("%(village)s中心") % {"village": appointment.center.division.short_name},
        "code": appointment.code,
        **addressed(message, appointment.resident.name, phone_for(appointment)),
    }


@lru_cache(maxsize=1000)
def _when(starts_at: datetime, language: str | None) -> str:
    """12月3日上午9:00; cached, because all bookings of a slot use the same text."""
    return _("%(day)s%(time)s") % {"day": said_as.short_day(starts_at), "time": said_as.clock(starts_at)}
