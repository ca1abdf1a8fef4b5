"""What the slip says of messages: whether one comes, and when. Only what is true of this phone and these channels."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import reminders
from appointments.booking.displaced import may_come
from appointments.booking.models import Appointment, Status
from portal.notifications.channels import channel_of, has_provider
from portal.notifications.models import Channel
from portal.notifications.quiet import end_of_quiet
from portal.ui import words

# So long after booking or moving the slip speaks of the message about that.
JUST_NOW = timedelta(minutes=10)


def promises(appointment: Appointment, now: datetime | None = None) -> list[str]:
    """Sentences about the messages to come; none once the visit has begun or does not stand."""
    now = now or timezone.now()
    if appointment.status != Status.BOOKED or now >= appointment.starts_at or not may_come(appointment):
        return []
    if not appointment.phone:
        return [_("没有留电话，到时候没有短信或电话提醒您，请记好时间。")]
    channel, hours = channel_of(appointment.phone), reminders.ahead_of(appointment, now)
    facts = {"phone": words.masked_phone(appointment.phone), "when": _hours(hours)}
    if not has_provider(channel):
        return [_without_provider(channel, hours, facts)]
    said = [_first(channel, appointment, now, facts)] if now - reminders.stands_since(appointment) < JUST_NOW else []
    said.append(_reminders(channel, hours, facts))
    if settings.DEMO:
        said.append(_("这是演示：短信和电话不会真的发出去。"))
    return said


def _without_provider(channel: Channel, hours: list[reminders.Hour], facts: dict) -> str:
    """A landline is called by staff, once; a mobile is not, because its owner can look at the slip."""
    if channel == Channel.SMS:
        return _("这里还不发短信，到时候没有提醒，请记好时间。")
    if not hours:
        return _("离约好的时间近了，不再打电话提醒，请记好时间。")
    first = facts | {"when": _hours(hours[:1])}
    return _("%(when)s以后，工作人员会打电话到%(phone)s提醒您一次。") % first


def _first(channel: Channel, appointment: Appointment, now: datetime, facts: dict) -> str:
    """The message about the booking or the move: at once, or after the quiet hours."""
    morning = end_of_quiet(timezone.localtime(now), *settings.QUIET_HOURS)
    if morning and morning < appointment.starts_at:
        later = facts | {"when": words.clock(morning)}
        if channel == Channel.VOICE:
            return _("夜里不打电话，%(when)s会打到%(phone)s，把时间再说一遍。") % later
        return _("夜里不发短信，%(when)s会发一条到%(phone)s，里面有改和退的链接。") % later
    if channel == Channel.VOICE:
        return _("马上会有一个语音电话打到%(phone)s，把时间再说一遍。") % facts
    return _("马上会有一条短信发到%(phone)s，里面有改和退的链接。") % facts


def _reminders(channel: Channel, hours: list[reminders.Hour], facts: dict) -> str:
    if not hours:
        return _("离约好的时间近了，不再另外提醒，请记好时间。")
    if channel == Channel.VOICE:
        return _("%(when)s会打语音电话到%(phone)s提醒您。") % facts
    return _("%(when)s会发短信到%(phone)s提醒您。") % facts


def _hours(hours: list[reminders.Hour]) -> str:
    return _("、").join(words.moment(hour.due) for hour in hours)


def about_code(before: Appointment, moved: Appointment) -> str:
    """Where a booking goes along to another center, somebody there may have its code."""
    if moved.code == before.code:
        return _("预约码没有变。")
    return _("预约码换成了%(code)s。") % {"code": words.code(moved.code)}
