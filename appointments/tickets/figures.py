"""Statistics of walk-ins (settings.FIGURES)."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from appointments.tickets.models import Ticket
from centers.figures import Figure, Look


def _served(look: Look) -> QuerySet[Ticket]:
    done = Ticket.objects.of_walk_ins().filter(look.inside(), done_at__isnull=False)
    return done.filter(day__range=(look.period.first, look.period.last))


def _rows(look: Look) -> QuerySet[Ticket]:
    return _served(look).for_pages().order_by("day", "center", "number")


def _count(look: Look) -> Iterable[dict]:
    return look.grouped(_served(look)).annotate(walk_ins=Count("pk"))


WALK_INS = Figure(
    code="walk_ins",
    title=_("没有预约、现场取号办的"),
    rows=_rows,
    table="dashboards/oversight/rows/numbers.html",
    column=_("现场取号"),
    count=_count,
    help=_("没有预约、当天来取号办好的人，问没问姓名都算，不在“约好”和“已办”里。"),
)
