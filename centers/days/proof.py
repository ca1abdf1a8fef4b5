"""Since when somebody is known to be at a center in a half day: the first arrival, call or step at the desk."""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from centers.days.half_days import part_at
from centers.days.models import PROOFS
from centers.models import Center, CenterDay
from portal.ui.days import span


def prove(center: int, at: datetime) -> None:
    """Store that somebody was at the center (pk) at that moment; an earlier proof of the half day stays. Idempotent.

    Marks made offline come later than they were made, so that a past day, too, gets its proof.
    """
    moment = timezone.localtime(at)
    field = PROOFS[part_at(moment)]
    later = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": at})
    CenterDay.objects.filter(later, center=center, date=moment.date()).update(**{field: at})


def gather(centers: Collection[Center], first: date, last: date) -> None:
    """Store the earliest proofs of these days from the evidence that is stored anyway (settings.EVIDENCE_SOURCES).

    For centers that have just begun to store their days, and for demo data.
    """
    ids = [center.pk for center in centers]
    earliest: dict[tuple[int, date, str], datetime] = {}
    for path in (path for level in settings.EVIDENCE_SOURCES.values() for path in level):
        for found in import_string(path)(ids, *span(first, last)):
            earliest[found.half] = min(found.moment, earliest.get(found.half, found.moment))
    rows = {(row.center_id, row.date): row for row in CenterDay.objects.between(first, last).filter(center__in=ids)}
    for (center, day, part), moment in earliest.items():
        if row := rows.get((center, day)):
            setattr(row, PROOFS[part], moment)
    CenterDay.objects.bulk_update(rows.values(), PROOFS.values(), batch_size=200)
