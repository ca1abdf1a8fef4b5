"""Messages about a case: one function plans each, `words` says them. An SMS has at most 70 characters."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.cases.models import Case, Level, Outcome
from appointments.invitation import RATE, RATE_TITLE, RATE_WITHIN, asked_to_rate
from centers.center_lookup import phone_for
from centers.people import consents
from centers.people.messages import person_of
from portal.notifications.keys import key_of
from portal.notifications.models import Message
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import addressed, filled, for_channels
from portal.notifications.subjects import Words

OPENED, MISSING, FORWARDED, FINISHED = "case_opened", "case_missing", "case_forwarded", "case_finished"
# How long a step is told to whoever was not reached; our defaults.
A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=30)
TITLES = {
    OPENED: gettext_lazy("代办登记好了"),
    MISSING: gettext_lazy("还缺材料"),
    FORWARDED: gettext_lazy("代办有进展"),
    FINISHED: gettext_lazy("代办有结果了"),
    RATE: RATE_TITLE,
}
# Unsent ones about one case become one. What is missing, and the invitation to rate, are told beside it.
MERGED = (OPENED, FORWARDED, FINISHED)


def subject_of(case: Case) -> str:
    return key_of("case", case.pk)


def opened(case: Case, now: datetime) -> list[NewMessage]:
    """Told at the desk, where the receipt is printed."""
    return _about(case, OPENED, now)


def missing(case: Case, now: datetime) -> list[NewMessage]:
    return _about(case, MISSING, now, within=A_MONTH, needs_call=True)


def forwarded(case: Case, now: datetime) -> list[NewMessage]:
    return _about(case, FORWARDED, now)


def finished(case: Case, now: datetime) -> list[NewMessage]:
    return _about(case, FINISHED, now, within=A_MONTH, needs_call=True)


def rate(case: Case, now: datetime) -> list[NewMessage]:
    """To the person the case is for, not to their helper: only they may rate. Not to who has said no to it."""
    if consents.refuses(consents.Purpose.RATINGS, resident=case.resident_id, phone=case.resident.phone):
        return []
    person = person_of(case.resident)
    return for_channels(subject_of(case), person, case.resident.phone, RATE, now, now + RATE_WITHIN)


def words(case: Case, message: Message, now: datetime) -> Words | None:
    return _WORDS[message.kind](case, message)


def _about(
    case: Case, kind: str, now: datetime, *, within: timedelta = A_WEEK, needs_call: bool = False
) -> list[NewMessage]:
    """The occasion is the moment of the step: a case may be forwarded, and finished, more than once."""
    person = person_of(case.resident)
    return for_channels(subject_of(case), person, case.phone, kind, now, now + within, needs_call=needs_call)


def _opened(case: Case, message: Message) -> Words | None:
    if case.closed_at:
        return None
    return Words(
        filled(
            _("%(name)s您好，%(item)s由%(center)s替您跑，办件码%(code)s[，查进度电%(phone)s]"), _facts(case, message)
        )
    )


def _missing(case: Case, message: Message) -> Words | None:
    """The full list is in the inbox and on paper; the SMS names only the first paper, to stay within one part."""
    names = [paper.name for paper in case.materials.all() if not paper.is_there]
    if case.closed_at or case.accepted_at or not names:
        return None
    facts = {**_facts(case, message), "number": len(names), "first": names[0][:8], "papers": _("、").join(names)}
    short = filled(_("%(name)s您好，%(item)s还缺%(number)d样：%(first)s等，单子在%(center)s[，电%(phone)s]"), facts)
    return Words(filled(_("%(item)s还缺这些材料，请一次带齐：%(papers)s。[有不明白的，请电%(phone)s]"), facts), short)


def _forwarded(case: Case, message: Message) -> Words | None:
    """Where it is now: who sent it there and further by night says so once."""
    if case.closed_at or case.stage.level == Level.VILLAGE:
        return None
    facts = {**_facts(case, message), "place": case.stage.office or _("镇里")}
    return Words(_("%(name)s您好，%(item)s已送到%(place)s办，办件码%(code)s。") % facts)


def _finished(case: Case, message: Message) -> Words | None:
    if not case.closed_at or case.handed_over_at:
        return None
    facts = {**_facts(case, message), "result": case.get_outcome_display(), "note": case.result_note}
    if case.outcome == Outcome.DONE:
        said = filled(_("%(name)s您好，%(item)s办成了，请到%(center)s领取，办件码%(code)s。[电%(phone)s]"), facts)
        return Words(said, title=_("办成了，请来领取"))
    short = filled(_("%(name)s您好，%(item)s%(result)s。[有疑问请电%(phone)s]"), facts)
    full = filled(_("%(item)s%(result)s：%(note)s [有疑问请电%(phone)s]"), facts) if case.result_note else short
    return Words(full, short)


def _rate(case: Case, message: Message) -> Words | None:
    return asked_to_rate(case, _facts(case, message)) if case.can_be_rated and not case.rated_at else None


_WORDS: dict[str, Callable[[Case, Message], Words | None]] = {
    OPENED: _opened,
    MISSING: _missing,
    FORWARDED: _forwarded,
    FINISHED: _finished,
    RATE: _rate,
}


def _facts(case: Case, message: Message) -> dict:
    return {
        "item": str(case.item),
        "center": _("%(village)s中心") % {"village": case.center.division.short_name},
        "code": case.code,
        **addressed(message, case.resident.name, phone_for(case)),
    }
