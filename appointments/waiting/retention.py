"""Retention: anonymizing waiting entries.

People who were only on a waiting list have the same short retention period as guests who only booked.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking.retention import is_forgotten
from appointments.waiting import own
from appointments.waiting.messages import subject_of
from appointments.waiting.models import WaitingEntry
from centers.people.retention import Traces
from portal.notifications import services as notifications
from portal.retention import GONE, Rule, forget_history, numbered, overdue


def rules(at: datetime) -> Iterator[Rule]:
    past = overdue(at, "guests", "slot__starts_at", "center__division__code")
    yield Rule(WaitingEntry.objects.filter(past).exclude(is_forgotten()), _forget)


def _forget(pks: list[int]) -> None:
    WaitingEntry.objects.filter(pk__in=pks).update(phone="", contact_name="", note="", link=numbered(GONE))
    forget_history(WaitingEntry.objects.filter(pk__in=pks))
    notifications.forget(subjects=[subject_of(WaitingEntry(pk=pk)) for pk in pks])


def _needed(at: datetime) -> Q:
    return Q(Exists(WaitingEntry.objects.open().filter(resident=OuterRef("pk"))))


def _forget_person(pks: list[int]) -> None:
    WaitingEntry.objects.filter(resident__in=pks).update(phone="", contact_name="", note="")


def _clashes(keep: int, gone: int) -> list[str | Promise]:
    """Nobody waits twice for one time."""
    waiting = WaitingEntry.objects.open()
    if waiting.filter(resident=gone, slot__in=waiting.filter(resident=keep).values("slot")).exists():
        return [_("两边在候补同一个时间，请先退掉一个。")]
    return []


def _reached(pk: int, phone: str) -> list[QuerySet]:
    return [WaitingEntry.objects.open().filter(resident=pk, phone=phone).select_related("item").order_by("pk")]


traces = Traces(_needed, _forget_person, _clashes, _reached, own.stored, own.ahead, own.holds, own.end, own.erase)
