"""What the portal says about a case: one function a message, at most 70 characters where it goes as SMS."""

from datetime import datetime

from django.utils.translation import gettext as _

from appointments.cases.models import Case, CaseMaterial, Outcome
from appointments.invitation import RATE, asked_to_rate
from centers.people.messages import person_of
from portal.notifications.keys import key_of
from portal.notifications.new_message import NewMessage
from portal.notifications.per_channel import for_channels
from portal.ui import words

OPENED, MISSING, FORWARDED, FINISHED = "case_opened", "case_missing", "case_forwarded", "case_finished"


def subject_of(case: Case) -> str:
    return key_of("case", case.pk)


def opened(case: Case, now: datetime) -> list[NewMessage]:
    facts = _facts(case)
    said = _("%(name)s您好，%(item)s由%(center)s替您跑，办件码%(code)s，查进度电%(phone)s") % facts
    return _say(case, OPENED, now, _("代办登记好了"), said)


def missing(case: Case, papers: list[CaseMaterial], now: datetime) -> list[NewMessage]:
    """The whole list stands in the inbox and on paper; an SMS names the first, or it would come in pieces."""
    names = [paper.name for paper in papers]
    facts = {**_facts(case), "number": len(names), "first": names[0][:8]}
    short = _("%(name)s您好，%(item)s还缺%(number)d样：%(first)s等，单子在%(center)s，电%(phone)s") % facts
    full = _("%(item)s还缺这些材料，请一次带齐：%(papers)s。有不明白的，请电%(phone)s") % {
        **facts,
        "papers": _("、").join(names),
    }
    return _say(case, MISSING, now, _("还缺材料"), full, short)


def forwarded(case: Case, now: datetime) -> list[NewMessage]:
    facts = {**_facts(case), "place": case.stage.office or _("镇里")}
    return _say(
        case, FORWARDED, now, _("代办有进展"), _("%(name)s您好，%(item)s已送到%(place)s办，办件码%(code)s。") % facts
    )


def finished(case: Case, now: datetime) -> list[NewMessage]:
    facts = {**_facts(case), "result": case.get_outcome_display(), "note": case.result_note}
    if case.outcome == Outcome.DONE:
        said = _("%(name)s您好，%(item)s办成了，请到%(center)s领取，办件码%(code)s。电%(phone)s") % facts
        return _say(case, FINISHED, now, _("办成了，请来领取"), said)
    short = _("%(name)s您好，%(item)s%(result)s。有疑问请电%(phone)s") % facts
    full = _("%(item)s%(result)s：%(note)s 有疑问请电%(phone)s") % facts if case.result_note else short
    return _say(case, FINISHED, now, _("代办有结果了"), full, short)


def rate(case: Case, now: datetime) -> list[NewMessage]:
    """To the person whom it was for, not to who helped them: it is theirs to say how it was."""
    said, sms = asked_to_rate(case, _facts(case))
    person = person_of(case.resident)
    return for_channels(subject_of(case), person, case.resident.phone, RATE, now, _("请您评价"), said, sms=sms)


def _say(case: Case, kind: str, now: datetime, title: str, body: str, short: str = "") -> list[NewMessage]:
    person = person_of(case.resident)
    return for_channels(subject_of(case), person, case.phone, kind, now, title, body, sms=short)


def _facts(case: Case) -> dict:
    return {
        "name": words.masked_name(case.resident.name),
        "item": str(case.item),
        "center": _("%(village)s中心") % {"village": case.center.division.short_name},
        "code": case.code,
        "phone": case.center.phone,
    }
