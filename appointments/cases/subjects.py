"""Cases as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.cases import messages
from appointments.cases.models import Case
from centers.center_lookup import with_phone
from centers.people.subjects import of_resident
from portal.notifications.subjects import Shown
from portal.ui import words


def _rows() -> QuerySet[Case]:
    return with_phone(Case.objects.for_messages())


def _recent(since: datetime) -> QuerySet[Case]:
    return Case.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=since))


def _shown(case: Case, person: str) -> Shown:
    return Shown(
        name=words.masked_name(case.resident.name),
        url=reverse("desk_case", args=[case.pk]),
        what=f"{_('代办')} {words.code(case.code)}",
        more=f"{case.item} · {case.center.name}",
    )


SUBJECT = of_resident(
    rows=_rows,
    recent=_recent,
    shown=_shown,
    page="case",
    titles=messages.TITLES,
    words=messages.words,
    merged=messages.MERGED,
)
