"""What the portal says about an appointment: one function a message, apart from how it travels."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.links import rating_token
from appointments.models import Appointment
from centers.models import Resident
from portal.notifications.models import Channel
from portal.notifications.planned import Planned
from portal.ui import words

CONFIRMED, REMINDER, MOVED, CANCELLED, RATE = "confirmed", "reminder", "moved", "cancelled", "rate"
DUTY_CHANGED = "duty_changed"
PLANNED_AHEAD = [REMINDER]


def subject_of(appointment: Appointment) -> str:
    return f"appointment:{appointment.pk}"


def person_of(resident: Resident) -> str:
    return f"resident:{resident.pk}"


def after_booking(appointment: Appointment, now: datetime) -> list[Planned]:
    facts = _facts(appointment)
    return [
        *_both_ways(appointment, CONFIRMED, now, _("预约成功"), _confirmed(facts)),
        *_reminders(appointment, facts, now),
    ]


def after_moving(appointment: Appointment, now: datetime) -> list[Planned]:
    facts = _facts(appointment)
    return [
        *_both_ways(appointment, MOVED, now, _("预约改了时间"), _moved(facts)),
        *_reminders(appointment, facts, now),
    ]


def after_cancelling(appointment: Appointment, now: datetime) -> list[Planned]:
    return _both_ways(appointment, CANCELLED, now, _("预约已取消"), _cancelled(_facts(appointment)))


def after_serving(appointment: Appointment, now: datetime) -> list[Planned]:
    return _both_ways(appointment, RATE, now, _("请您评价"), _rate(appointment))


def after_leave(appointment: Appointment, leave_agreed_at: datetime, stands_in: str) -> list[Planned]:
    """Once for each leave: its moment is part of the message's identity, so a second tap tells nobody twice."""
    facts = {**_facts(appointment), "who": stands_in}
    said = _somebody_else(facts) if stands_in else _nobody(facts)
    return _both_ways(appointment, DUTY_CHANGED, leave_agreed_at, _("办事的人有变动"), said, appointment.starts_at)


def _reminders(appointment: Appointment, facts: dict, now: datetime) -> list[Planned]:
    """One for each setting that still lies ahead; nobody is reminded after it has begun."""
    title, body = _("预约提醒"), _reminder(facts)
    planned = []
    for minutes in settings.REMINDERS:
        due = appointment.starts_at - timedelta(minutes=minutes)
        if due > now:
            planned += _both_ways(appointment, REMINDER, due, title, body, appointment.starts_at)
    return planned


def _both_ways(
    appointment: Appointment, kind: str, due: datetime, title: str, body: str, expires: datetime | None = None
) -> list[Planned]:
    """Into the inbox always; to a mobile as SMS, to a landline as a call."""
    ways = [(Channel.INBOX, "")]
    if appointment.phone:
        ways.append((Channel.SMS if appointment.phone.startswith("1") else Channel.VOICE, appointment.phone))
    subject, person = subject_of(appointment), person_of(appointment.resident)
    return [
        Planned(
            subject=subject,
            person=person,
            kind=kind,
            channel=channel,
            due_at=due,
            expires_at=expires if channel != Channel.INBOX else None,
            address=address,
            title=title,
            body=body if channel == Channel.INBOX else f"【{settings.SMS_SIGNATURE}】{body}",
        )
        for channel, address in ways
    ]


def _facts(appointment: Appointment) -> dict:
    """Short words: an SMS of at most 70 characters, signature included, goes in one piece."""
    return {
        "name": words.masked_name(appointment.resident.name),
        "when": _("%(day)s%(time)s")
        % {"day": words.short_day(appointment.starts_at), "time": words.clock(appointment.starts_at)},
        "item": str(appointment.item),
        "center": _("%(village)s中心") % {"village": appointment.center.division.short_name},
        "code": appointment.code,
        "phone": appointment.center.phone,
    }


def _confirmed(facts: dict) -> str:
    return _("%(name)s您好，已约好%(when)s到%(center)s办%(item)s，预约码%(code)s。改期电%(phone)s") % facts


def _reminder(facts: dict) -> str:
    return _("%(name)s您好，提醒您%(when)s到%(center)s办%(item)s，预约码%(code)s。不来请电%(phone)s") % facts


def _moved(facts: dict) -> str:
    return _("%(name)s您好，%(item)s改到%(when)s，在%(center)s，预约码还是%(code)s。") % facts


def _cancelled(facts: dict) -> str:
    return _("%(name)s您好，%(when)s%(item)s的预约取消了。再约请电%(phone)s") % facts


def _somebody_else(facts: dict) -> str:
    return _("%(name)s您好，%(when)s%(item)s改由%(who)s来办，时间地点不变。问电%(phone)s") % facts


def _nobody(facts: dict) -> str:
    return _("%(name)s您好，%(when)s办%(item)s的人请假，这次办不了，请改时间，电%(phone)s") % facts


def _rate(appointment: Appointment) -> str:
    link = settings.SITE_URL + reverse("rate", args=[rating_token(appointment)])
    return _("%(name)s您好，%(item)s办得怎么样？请评价 %(link)s") % {**_facts(appointment), "link": link}
