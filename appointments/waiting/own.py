"""Waiting entries of somebody who asks for their data, or for their name to be erased."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.waiting import services
from appointments.waiting.messages import subject_of
from appointments.waiting.models import WaitingEntry
from centers.people.own_data import Section
from centers.people.retention import Ahead
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.retention import GONE, forget_history, numbered
from portal.ui import words
from portal.ui.errors import RuleBroken


def stored(pks: list[int], user: User) -> list[Section]:
    rows = WaitingEntry.objects.filter(resident__in=pks).order_by("pk")
    return [Section(gettext_lazy("候补"), rows, frozenset({"resident"}))]


def ahead(pks: list[int], now: datetime) -> list[Ahead]:
    rows = WaitingEntry.objects.open().for_pages().filter(resident__in=pks).order_by("slot__starts_at", "pk")
    said = _("候补：%(when)s %(item)s")
    return [Ahead(_key(row), said % {"when": words.moment(row.slot.starts_at), "item": row.item}) for row in rows]


def holds(at: datetime) -> Q:
    return Q(Exists(WaitingEntry.objects.open().filter(resident=OuterRef("pk"))))


def end(pks: list[int], shown: set[str], by: User) -> None:
    for entry in WaitingEntry.objects.open().for_pages().filter(resident__in=pks).order_by("pk"):
        if _key(entry) not in shown:
            continue
        try:
            services.leave(entry=entry, by=by)
        except RuleBroken:  # it has ended since it was listed
            continue


def _key(entry: WaitingEntry) -> str:
    return f"waiting:{entry.pk}"


def erase(pks: list[int]) -> None:
    rows = WaitingEntry.objects.filter(resident__in=pks)
    rows.update(phone="", contact_name="", note="", link=numbered(GONE))
    forget_history(rows)
    notifications.forget(subjects=[subject_of(WaitingEntry(pk=pk)) for pk in rows.values_list("pk", flat=True)])
