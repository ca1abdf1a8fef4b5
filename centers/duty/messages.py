"""Messages to staff about swaps and leave: one function plans each, `words` says them. Not urgent: by day only."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.models import DutyShift, Leave, ShiftSwap, Staff
from portal.notifications.keys import key_of
from portal.notifications.models import Message
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import for_channels
from portal.notifications.subjects import Words
from portal.ui import pages
from portal.ui import words as said_as
from portal.ui.days import of_day

SWAP_ASKED, SWAP_AGREED, SWAP_REFUSED, SWAP_WITHDRAWN = "swap_asked", "swap_agreed", "swap_refused", "swap_withdrawn"
SWAP_ENDED, LEAVE_ANSWERED = "swap_ended", "leave_answered"
TITLES = {
    SWAP_ASKED: gettext_lazy("有人想跟您换班"),
    SWAP_AGREED: gettext_lazy("换班说定了"),
    SWAP_REFUSED: gettext_lazy("换班没有换成"),
    SWAP_WITHDRAWN: gettext_lazy("换班收回了"),
    SWAP_ENDED: gettext_lazy("换班不用再等了"),
    LEAVE_ANSWERED: gettext_lazy("请假有结果了"),
}


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
    return _about(swap, swap.taker, SWAP_ASKED, now, _end_of_day(swap.shift))


def swap_agreed(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    return _about(swap, swap.shift.staff, SWAP_AGREED, now, _end_of_day(swap.shift))


def swap_refused(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    return _about(swap, swap.shift.staff, SWAP_REFUSED, now, _end_of_day(swap.shift))


def swap_withdrawn(swap: ShiftSwap, now: datetime) -> list[NewMessage]:
    return _about(swap, swap.taker, SWAP_WITHDRAWN, now, _end_of_day(swap.shift))


def swap_ended(swap: ShiftSwap, staff: Staff, now: datetime) -> list[NewMessage]:
    """Until the end of the next day: a question ends when its day is over, in the quiet hours."""
    return _about(swap, staff, SWAP_ENDED, now, of_day(timezone.localdate(now) + timedelta(days=1))[1])


def leave_agreed(leave: Leave, now: datetime) -> list[NewMessage]:
    return _answered(leave, now)


def leave_refused(leave: Leave, now: datetime) -> list[NewMessage]:
    return _answered(leave, now)


def _answered(leave: Leave, now: datetime) -> list[NewMessage]:
    return _about(leave, leave.staff, LEAVE_ANSWERED, now, of_day(leave.last_date)[1])


def words(about: ShiftSwap | Leave, message: Message, now: datetime) -> Words | None:
    return _WORDS[message.kind](about)


def _about(about: ShiftSwap | Leave, staff: Staff, kind: str, now: datetime, expires: datetime) -> list[NewMessage]:
    """Who has an account reads it there; who has none is called where nothing can be sent."""
    phone = staff.phone or (staff.user.phone or "" if staff.user else "")
    needs_call = staff.user_id is None and bool(phone)
    return for_channels(subject_of(about), person_of(staff), phone, kind, now, expires, needs_call=needs_call)


def _asked(swap: ShiftSwap) -> Words | None:
    if not swap.is_waiting:
        return None
    facts = {"asker": swap.shift.staff.name, "shift": shift_words(swap.shift), "how": _how(swap.taker)}
    if swap.in_return:
        facts["other"] = shift_words(swap.in_return)
        return Words(_("%(asker)s想用%(shift)s的班换您%(other)s的班。%(how)s") % facts)
    return Words(_("%(asker)s想请您顶%(shift)s的班。%(how)s") % facts)


def _agreed(swap: ShiftSwap) -> Words:
    said = _("%(taker)s答应了，%(shift)s的班由他（她）来，值班表改好了。") % _between(swap)
    if swap.in_return:
        said += _("您顶%(other)s的班。") % {"other": shift_words(swap.in_return)}
    return Words(said)


def _refused(swap: ShiftSwap) -> Words:
    return Words(_("%(taker)s这次不能换，%(shift)s的班还是您的，可以再问别人。") % _between(swap))


def _withdrawn(swap: ShiftSwap) -> Words:
    facts = {"asker": swap.shift.staff.name, "shift": shift_words(swap.shift)}
    return Words(_("%(asker)s不换%(shift)s的班了，您不用回话。") % facts)


def _ended(swap: ShiftSwap) -> Words:
    """Says the same to both."""
    gone = next((one for one in (swap.shift, swap.in_return) if one and one.removed_in is not None), None)
    last = max(one.date for one in (swap.shift, swap.in_return) if one)
    left = next((one for one in (swap.taker, swap.shift.staff) if one.left_on and one.left_on <= last), None)
    if gone:
        said = _("%(changed)s的班改过了，%(asker)s请%(taker)s顶%(shift)s的事就不算了，不用再回话。")
    elif left:
        said = _("%(left)s离岗了，%(asker)s请%(taker)s顶%(shift)s的事就不算了，不用再回话。")
    else:
        said = _("日子过了还没有回话，%(asker)s请%(taker)s顶%(shift)s的事就不算了，班没有换。")
    facts = {
        "asker": swap.shift.staff.name,
        "changed": shift_words(gone or swap.shift),
        "left": left.name if left else "",
    }
    return Words(said % (facts | _between(swap)))


def _between(swap: ShiftSwap) -> dict:
    return {"taker": swap.taker.name, "shift": shift_words(swap.shift)}


def _decided(leave: Leave) -> Words | None:
    """The SMS omits the reason of a refusal, which might not fit into one SMS; the inbox has it."""
    if leave.withdrawn_at:
        return None
    if leave.agreed_at:
        return Words(_("您%(span)s的假同意了。") % {"span": span_of(leave)}, title=_("请假同意了"))
    short = _("您%(span)s的假没有同意，这几天照常上班。") % {"span": span_of(leave)}
    full = short + _("原因：%(refusal)s") % {"refusal": leave.refusal} if leave.refusal else short
    return Words(full, short, title=_("请假没有同意"))


_WORDS: dict[str, Callable] = {
    SWAP_ASKED: _asked,
    SWAP_AGREED: _agreed,
    SWAP_REFUSED: _refused,
    SWAP_WITHDRAWN: _withdrawn,
    SWAP_ENDED: _ended,
    LEAVE_ANSWERED: _decided,
}


def _how(staff: Staff) -> str:
    if not staff.user_id:
        return _("换不换，请告诉中心负责人。")
    return _("换不换，请登录到%(page)s里回话。") % {"page": pages.quoted("duty")}


def shift_words(shift: DutyShift) -> str:
    """12月3日上午"""
    return _("%(day)s%(part)s") % {"day": said_as.short_day(shift.date), "part": shift.get_part_display()}


def span_of(leave: Leave) -> str:
    if leave.first_date == leave.last_date:
        return said_as.short_day(leave.first_date)
    return _("%(first)s到%(last)s") % {
        "first": said_as.short_day(leave.first_date),
        "last": said_as.short_day(leave.last_date),
    }


def _end_of_day(shift: DutyShift) -> datetime:
    """When a question about a shift expires."""
    _begins, ends = of_day(shift.date)
    return ends
