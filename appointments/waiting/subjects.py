"""Waiting entries as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.waiting import messages
from appointments.waiting.models import WaitingEntry
from centers.center_lookup import with_phone
from centers.people.subjects import of_resident
from portal.notifications.subjects import Shown
from portal.ui import words


def _rows() -> QuerySet[WaitingEntry]:
    return with_phone(WaitingEntry.objects.for_pages().with_position())


def _recent(since: datetime) -> QuerySet[WaitingEntry]:
    return WaitingEntry.objects.filter(slot__ends_at__gt=since)


def _shown(entry: WaitingEntry, person: str) -> Shown:
    return Shown(
        name=words.masked_name(entry.resident.name),
        url=f"{reverse('desk_waiting')}?center={entry.center.code}#w{entry.pk}",
        what=f"{_('候补')} {words.moment(entry.slot.starts_at)}",
        more=f"{entry.item} · {entry.center.name}",
    )


SUBJECT = of_resident(
    rows=_rows,
    recent=_recent,
    shown=_shown,
    page="waiting",
    titles=messages.TITLES,
    words=messages.words,
    merged=messages.MERGED,
)
