"""Statistics of capacity (settings.FIGURES)."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.slots.models import Slot
from centers.figures import Figure, Look

# A closed slot counts only if it has bookings: others were not on offer.
WAS_OFFERED = Q(closed_at__isnull=True) | Q(online_taken__gt=0) | Q(desk_taken__gt=0)
_PLACES = Sum(F("online_places") + F("desk_places"))


def _offered(look: Look) -> QuerySet[Slot]:
    return Slot.objects.filter(WAS_OFFERED, look.inside()).between(look.period.start, look.period.end)


def _rows(look: Look) -> QuerySet[Slot]:
    return _offered(look).select_related("center__division").order_by("starts_at", "pk")


def _count(look: Look) -> Iterable[dict]:
    return look.grouped(_offered(look)).annotate(offered=_PLACES)


def _measure(rows: QuerySet[Slot], number: int) -> tuple[str, str]:
    places = rows.order_by().aggregate(number=_PLACES)["number"] or 0
    return _("%(number)s个") % {"number": places}, _("分在%(number)s个时间里") % {"number": number}


OFFERED = Figure(
    code="offered",
    title=gettext_lazy("开放的名额"),
    rows=_rows,
    table="dashboards/oversight/rows/slots.html",
    measure=_measure,
    column=gettext_lazy("名额"),
    count=_count,
    help=gettext_lazy("开放的每个时间，网上和现场名额之和。停约的时间，没有人约过就不算。"),
)
