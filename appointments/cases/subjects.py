"""Cases as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.cases.models import Case
from centers.people.messages import residents_of
from portal.accounts.roles import Permission
from portal.notifications.subjects import Shown, Subject
from portal.ui import words


def _rows() -> QuerySet[Case]:
    return Case.objects.select_related("center", "resident", "item")


def _recent(since: datetime) -> QuerySet[Case]:
    return Case.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=since))


def _shown(case: Case, person: str) -> Shown:
    return Shown(
        name=words.masked_name(case.resident.name),
        url=reverse("desk_case", args=[case.pk]),
        what=f"{_('代办')} {words.code(case.code)}",
        more=f"{case.item} · {case.center.name}",
    )


def _links(pks: set[int], people: set[str]) -> dict[int, str]:
    rows = Case.objects.filter(pk__in=pks, resident__in=residents_of(people))
    return {pk: reverse("case", args=[link]) for pk, link in rows.values_list("pk", "link")}


SUBJECT = Subject(
    rows=_rows,
    recent=_recent,
    division="center__division__code",
    seen_by=Permission.VIEW_DAY,
    handled_by=Permission.MARK_ATTENDANCE,
    shown=_shown,
    links=_links,
)
