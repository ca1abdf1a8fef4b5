"""JSON of the offline sheet: the day's list for the device, and parsing the marks that it syncs.

Data minimization: a device stores only today's names and masked phones, no notes and no history.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from appointments.desk import board as desk
from appointments.desk.offline.models import OfflineMark
from appointments.desk.offline.services import BEFORE, Tap
from centers.models import Center
from portal.ui import params, words
from portal.ui.days import of_day
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import read_key
from portal.ui.text import clean_text

MOST_MARKS = 200
MOST_LEFT = 50  # shown at once
A_YEAR = timedelta(days=366)
LONGEST_NAME, LONGEST_MATTER = 30, 60
Kind = OfflineMark.Kind


def for_device(request: HttpRequest, center: Center, *, names: bool) -> dict:
    """The page's data. `left`: seconds until the device has to delete the list. `now`: in milliseconds."""
    now = timezone.now()
    today = timezone.localdate(now)
    _begins, midnight = of_day(today)
    unsettled = OfflineMark.objects.unsettled().settled_at(center)
    stuck = unsettled.exclude(kind=Kind.NOTE).filter(by=request.user).select_related("appointment__resident")
    return {
        "owner": request.user.pk,
        "who": str(request.user),
        "center": center.code,
        "place": center.name,
        "day": words.plain_day(today),
        "as_of": words.clock(now),
        "now": int(now.timestamp() * 1000),
        "left": int((midnight - now).total_seconds()),
        "token": get_token(request),
        "rows": [_row(row.appointment, names) for row in desk.board(center, today).rows if row.appointment],
        "stuck": [{"who": _person(mark.appointment, names), "say": mark.note} for mark in stuck[:MOST_LEFT]],
        "open": unsettled.count(),
    }


def _row(row: Appointment, names: bool) -> dict:
    return {
        "pk": row.pk,
        "starts": int(row.starts_at.timestamp() * 1000),
        "time": words.clock(row.starts_at),
        "code": row.code,
        "name": row.resident.name if names else words.masked_name(row.resident.name),
        "party": row.party_size,
        "item": str(row.item),
        "phone": words.masked_phone(row.phone),
        "status": row.status.value,
    }


def _person(appointment: Appointment | None, names: bool) -> str:
    if appointment is None:
        return ""
    name = appointment.resident.name
    return f"{words.moment(appointment.starts_at)} {name if names else words.masked_name(name)}"


class Sent:
    """Parses the body of a sync request. Raises RuleBroken `unreadable` or `too_many_marks` for the whole body;
    an error in one mark affects only that mark.
    """

    def __init__(self, body: bytes, now: datetime) -> None:
        try:
            sent = json.loads(body)
            marks, self.owner, device_now = sent["marks"], sent["owner"], _moment(sent["now"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise RuleBroken(_unreadable(), code="unreadable") from error
        if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
            raise RuleBroken(_unreadable(), code="unreadable")
        if len(marks) > MOST_MARKS:
            raise RuleBroken(
                _("一次最多送%(most)s条。记下的都还在这台电脑上，请刷新这一页再送。"),
                code="too_many_marks",
                most=MOST_MARKS,
            )
        # Clock skew of the device, to correct the times of its marks.
        self.ahead = device_now - now
        self.now = now
        self.marks = marks

    def taps(self) -> Iterator[tuple[str, Tap | None]]:
        """(key as sent, mark) of each mark; the mark is None if it is malformed."""
        for mark in self.marks:
            key = str(mark.get("key"))[:40].encode("ascii", "replace").decode()
            try:
                yield key, self._tap(mark)
            except (ValueError, TypeError, KeyError, AttributeError):
                yield key, None

    def _tap(self, mark: dict) -> Tap:
        kind, seen = Kind(mark["kind"]), mark.get("seen", "")
        made_at = _moment(mark["at"]) - self.ahead
        if abs(made_at - self.now) > A_YEAR or seen not in (BEFORE if kind == Kind.UNDO else ("", *Status.values)):
            raise ValueError(mark)
        if kind != Kind.NOTE:
            return Tap(_key(mark["key"]), kind, made_at, _pk(mark["appointment"]), seen)
        name, matter = _text(mark["name"], LONGEST_NAME), _text(mark.get("matter", ""), LONGEST_MATTER)
        if not name:
            raise ValueError(mark)
        return Tap(_key(mark["key"]), kind, made_at, name=name, matter=matter)


def _unreadable() -> str:
    return _("送来的内容看不懂，一条也没有记。记下的都还在这台电脑上，请刷新这一页再送。")


def _moment(milliseconds) -> datetime:
    if (told := params.moment(milliseconds)) is None:
        raise ValueError(milliseconds)
    return told


def _key(value) -> uuid.UUID:
    if (key := read_key(value)) is None:
        raise ValueError(value)
    return uuid.UUID(key)


def _pk(value) -> int:
    if (pk := params.pk(value)) is None:
        raise ValueError(value)
    return pk


def _text(value, longest: int) -> str:
    """Drops lone surrogates (half an emoji) instead of refusing the whole mark."""
    return clean_text(value.encode("utf-8", "ignore").decode())[:longest]
