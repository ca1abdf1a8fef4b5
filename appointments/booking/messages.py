"""Messages about an appointment, one function each; portal.notifications stores and sends them."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from appointments.booking.confirmation import answer_link
from appointments.booking.models import Appointment
from appointments.invitation import RATE, asked_to_rate
from centers.people.messages import person_of
from portal.notifications.keys import key_of
from portal.notifications.models import Channel
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import fitted, for_channels
from portal.notifications.quiet import end_of_quiet
from portal.ui import words

CONFIRMED, REMINDER, MOVED, CANCELLED = "confirmed", "reminder", "moved", "cancelled"
DUTY_CHANGED = "duty_changed"
CLOSED, REOPENED = "closed", "reopened"
PLANNED_AHEAD = [REMINDER]
SOON = timedelta(hours=2)
# Tags of links: the booking message has its own, and each reminder has one, in the order of the settings.
BOOKED_TAG, REMINDER_TAGS = "b", "123456789"
# Each SMS text with a link, with a shorter version for items with long names.
BOOKED_TEXTS = (
    gettext_noop("%(when)s%(item)s约好了，码%(code)s。改或退点"),
    gettext_noop("%(when)s约好，码%(code)s，改退点"),
)
MOVED_TEXTS = (
    gettext_noop("%(item)s改到%(when)s，码没变。再改或退点"),
    gettext_noop("改到%(when)s，码没变。再改或退点"),
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
    facts = _facts(appointment)
    sms = fitted(BOOKED_TEXTS, facts, answer_link(appointment, BOOKED_TAG))
    return [
        *_both_ways(appointment, CONFIRMED, now, _("预约成功"), _confirmed(facts), sms=sms),
        *_reminders(appointment, facts, now),
    ]


def after_moving(appointment: Appointment, now: datetime) -> list[NewMessage]:
    facts = _facts(appointment)
    sms = fitted(MOVED_TEXTS, facts, answer_link(appointment, BOOKED_TAG))
    return [
        *_both_ways(appointment, MOVED, now, _("预约改了时间"), _moved(facts), sms=sms),
        *_reminders(appointment, facts, now),
    ]


def after_cancelling(appointment: Appointment, now: datetime) -> list[NewMessage]:
    return _both_ways(appointment, CANCELLED, now, _("预约已取消"), _cancelled(_facts(appointment)))


def after_serving(appointment: Appointment, now: datetime) -> list[NewMessage]:
    said, sms = asked_to_rate(appointment, _facts(appointment))
    return _both_ways(appointment, RATE, now, _("请您评价"), said, sms=sms)


def after_leave(appointment: Appointment, leave_agreed_at: datetime, stands_in: str) -> list[NewMessage]:
    """Idempotent per leave: the time of its approval is part of the message's identity."""
    facts = {**_facts(appointment), "who": stands_in}
    said = _somebody_else(facts) if stands_in else _nobody(facts)
    return _both_ways(appointment, DUTY_CHANGED, leave_agreed_at, _("办事的人有变动"), said, appointment.starts_at)


def after_closing(
    appointment: Appointment, now: datetime, why: str, others: list[datetime], by_call: bool
) -> list[NewMessage]:
    """The time of the visit is no longer open. `others`: start times that are free; `by_call`: staff will call them.

    Urgent if the visit begins within two hours or before the quiet hours end: then it is told at any hour.
    """
    facts = {**_facts(appointment), "why": why}
    sms = fitted(CLOSED_TEXTS, facts, answer_link(appointment, BOOKED_TAG))
    told = _both_ways(
        appointment, CLOSED, now, _("约的时间不开门了"), _closed(facts, others), appointment.starts_at, sms
    )
    if by_call:
        told = [message for message in told if message.channel == Channel.INBOX]
    urgent = is_urgent(now, appointment.starts_at)
    return [message._replace(is_urgent=urgent) for message in told]


def after_reopening(appointment: Appointment, now: datetime) -> list[NewMessage]:
    """Told to whoever was told that the time is closed."""
    facts = _facts(appointment)
    said = _("%(name)s您好，%(when)s又开门了，约的%(item)s照常办，在%(center)s，预约码%(code)s。") % facts
    told = _both_ways(appointment, REOPENED, now, _("约的时间又开门了"), said, appointment.starts_at)
    urgent = is_urgent(now, appointment.starts_at)
    return [message._replace(is_urgent=urgent) for message in told] + _reminders(appointment, facts, now)


def is_urgent(now: datetime, starts_at: datetime) -> bool:
    """Whether it has to be told at once, also in the quiet hours: the visit begins before they end, or soon."""
    morning = end_of_quiet(timezone.localtime(now), *settings.QUIET_HOURS)
    return starts_at <= max(now + SOON, morning or now)


def _reminders(appointment: Appointment, facts: dict, now: datetime) -> list[NewMessage]:
    """One reminder for each setting that is still ahead; each expires when the appointment begins."""
    title, body = _("预约提醒"), _reminder(facts)
    planned = []
    for minutes, tag in zip(settings.REMINDERS, REMINDER_TAGS, strict=False):
        due = appointment.starts_at - timedelta(minutes=minutes)
        if due > now:
            sms = fitted(REMINDER_TEXTS, facts, answer_link(appointment, tag))
            planned += _both_ways(appointment, REMINDER, due, title, body, appointment.starts_at, sms)
    return planned


def _both_ways(
    appointment: Appointment,
    kind: str,
    due: datetime,
    title: str,
    body: str,
    expires: datetime | None = None,
    sms: str = "",
) -> list[NewMessage]:
    subject, person = subject_of(appointment), person_of(appointment.resident)
    return for_channels(subject, person, appointment.phone, kind, due, title, body, expires, sms)


def _facts(appointment: Appointment) -> dict:
    """Short enough for one SMS of at most 70 characters, including the signature."""
    return {
        "name": words.masked_name(appointment.resident.name),
        "when": _when(appointment.starts_at, get_language()),
        "item": str(appointment.item),
        "center": _("%(village)s中心") % {"village": appointment.center.division.short_name},
        "code": appointment.code,
        "phone": appointment.center.phone,
    }


@lru_cache(maxsize=1000)
def _when(starts_at: datetime, language: str | None) -> str:
    """12月3日上午9:00; cached, because all bookings of a slot use the same text."""
    return _("%(day)s%(time)s") % {"day": words.short_day(starts_at), "time": words.clock(starts_at)}


def _confirmed(facts: dict) -> str:
    return _("%(name)s您好，已约好%(when)s到%(center)s办%(item)s，预约码%(code)s。改期电%(phone)s") % facts


def _reminder(facts: dict) -> str:
    return _("%(name)s您好，提醒您%(when)s到%(center)s办%(item)s，预约码%(code)s。不来请电%(phone)s") % facts


def _moved(facts: dict) -> str:
    return _("%(name)s您好，%(item)s改到%(when)s，在%(center)s，预约码还是%(code)s。") % facts


def _cancelled(facts: dict) -> str:
    return _("%(name)s您好，%(when)s%(item)s的预约取消了。再约请电%(phone)s") % facts


def _closed(facts: dict, others: list[datetime]) -> str:
    said = _("%(name)s您好，%(when)s%(center)s办不了%(item)s（%(why)s）。") % facts
    if others:
        said += _("还可以约：%(others)s。") % {"others": _("、").join(_when(start, get_language()) for start in others)}
    return said + _("要改时间或取消，电%(phone)s") % facts


def _somebody_else(facts: dict) -> str:
    return _("%(name)s您好，%(when)s%(item)s改由%(who)s来办，时间地点不变。问电%(phone)s") % facts


def _nobody(facts: dict) -> str:
    return _("%(name)s您好，%(when)s办%(item)s的人请假，这次办不了，请改时间，电%(phone)s") % facts
