"""Waiting entries as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.waiting.models import WaitingEntry
from centers.people.messages import residents_of
from portal.accounts.roles import Permission
from portal.notifications.subjects import Shown, Subject
from portal.ui import words


def _recent(since: datetime) -> QuerySet[WaitingEntry]:
    return WaitingEntry.objects.filter(slot__ends_at__gt=since)


def _shown(entry: WaitingEntry, person: str) -> Shown:
    return Shown(
        name=words.masked_name(entry.resident.name),
        url=f"{reverse('desk_waiting')}?center={entry.center.code}#w{entry.pk}",
        what=f"{_('候补')} {words.moment(entry.slot.starts_at)}",
        more=f"{entry.item} · {entry.center.name}",
    )


def _links(pks: set[int], people: set[str]) -> dict[int, str]:
    rows = WaitingEntry.objects.filter(pk__in=pks, resident__in=residents_of(people))
    return {pk: reverse("waiting", args=[link]) for pk, link in rows.values_list("pk", "link")}


SUBJECT = Subject(
    rows=WaitingEntry.objects.for_pages,
    recent=_recent,
    division="center__division__code",
    seen_by=Permission.VIEW_DAY,
    handled_by=Permission.MARK_ATTENDANCE,
    shown=_shown,
    links=_links,
)
