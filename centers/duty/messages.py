"""Messages to staff about swaps and leave, one function each. Not urgent: they respect the quiet hours."""

from datetime import datetime

from django.utils.translation import gettext as _

from centers.models import DutyShift, Leave, ShiftSwap, Staff
from portal.notifications.keys import key_of
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import for_channels
from portal.ui import words
from portal.ui.days import of_day

SWAP_ASKED, SWAP_AGREED, SWAP_REFUSED, SWAP_WITHDRAWN = "swap_asked", "swap_agreed", "swap_refused", "swap_withdrawn"
LEAVE_ANSWERED = "leave_answered"


def subject_of(about: ShiftSwap | Leave) -> str:
    return key_of("swap" if isinstance(about, ShiftSwap) else "leave", about.pk)


def person_of(staff: Staff) -> str:
    return key_of("staff", staff.pk)


def what(about: ShiftSwap | Leave) -> str:
    """换班 12月3日上午; 请假 12月3日到12月4日"""
    if isinstance(about, ShiftSwap):
        return _("换班 %(shift)s") % {"shift": shift_words(about.shift)}
    return _("请假 %(span)s") % {"span": span_of(about)}


def swap_asked(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    facts = {"asker": swap.shift.staff.name, "shift": shift_words(swap.shift)}
    if swap.in_return:
        facts["other"] = shift_words(swap.in_return)
        said = _("%(asker)s想用%(shift)s的班换您%(other)s的班。%(how)s") % {**facts, "how": _how(swap.taker)}
    else:
        said = _("%(asker)s想请您顶%(shift)s的班。%(how)s") % {**facts, "how": _how(swap.taker)}
    return _both_channels(swap, swap.taker, SWAP_ASKED, now, _("有人想跟您换班"), said, of_day(swap.shift.date)[1])


def swap_agreed(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    facts = {"taker": swap.taker.name, "shift": shift_words(swap.shift)}
    said = _("%(taker)s答应了，%(shift)s的班由他（她）来，值班表改好了。") % facts
    if swap.in_return:
        said += _("您顶%(other)s的班。") % {"other": shift_words(swap.in_return)}
    return _both_channels(swap, swap.shift.staff, SWAP_AGREED, now, _("换班说定了"), said)


def swap_refused(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    facts = {"taker": swap.taker.name, "shift": shift_words(swap.shift)}
    said = _("%(taker)s这次不能换，%(shift)s的班还是您的，可以再问别人。") % facts
    return _both_channels(swap, swap.shift.staff, SWAP_REFUSED, now, _("换班没有换成"), said)


def swap_withdrawn(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    facts = {"asker": swap.shift.staff.name, "shift": shift_words(swap.shift)}
    said = _("%(asker)s不换%(shift)s的班了，您不用回话。") % facts
    return _both_channels(swap, swap.taker, SWAP_WITHDRAWN, now, _("换班收回了"), said, of_day(swap.shift.date)[1])


def leave_agreed(leave: Leave, now: datetime) -> list[NewMessage]:
    said = _("您%(span)s的假同意了。") % {"span": span_of(leave)}
    return _both_channels(leave, leave.staff, LEAVE_ANSWERED, now, _("请假同意了"), said)


def leave_refused(leave: Leave, now: datetime) -> list[NewMessage]:
    """The SMS omits the reason, which might not fit into one SMS; the inbox has it."""
    short = _("您%(span)s的假没有同意，这几天照常上班。") % {"span": span_of(leave)}
    full = short + _("原因：%(refusal)s") % {"refusal": leave.refusal} if leave.refusal else short
    return _both_channels(leave, leave.staff, LEAVE_ANSWERED, now, _("请假没有同意"), full, sms=short)


def _both_channels(
    about: ShiftSwap | Leave,
    staff: Staff,
    kind: str,
    now: datetime,
    title: str,
    body: str,
    expires: datetime | None = None,
    sms: str = "",
) -> list[NewMessage]:
    phone = staff.phone or (staff.user.phone or "" if staff.user else "")
    return for_channels(subject_of(about), person_of(staff), phone, kind, now, title, body, expires, sms)


def _how(staff: Staff) -> str:
    return _("换不换，请登录到“值班”里回话。") if staff.user_id else _("换不换，请告诉中心负责人。")


def shift_words(shift: DutyShift) -> str:
    """12月3日上午"""
    return _("%(day)s%(part)s") % {"day": words.short_day(shift.date), "part": shift.get_part_display()}


def span_of(leave: Leave) -> str:
    if leave.first_date == leave.last_date:
        return words.short_day(leave.first_date)
    return _("%(first)s到%(last)s") % {
        "first": words.short_day(leave.first_date),
        "last": words.short_day(leave.last_date),
    }


def _end_of_day(shift: DutyShift) -> datetime:
    """When a question about a shift expires."""
    _begins, ends = of_day(shift.date)
    return ends
