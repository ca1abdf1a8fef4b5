"""Statistics of bookings: arrived, served, missed, cancelled (settings.FIGURES)."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment, Channel
from centers.figures import Figure, Look
from portal.ui.days import midnight

# Walk-ins have no booking: they are counted by their tickets, identified or not.
_BOOKED = ~Q(channel=Channel.WALK_IN)
_HELD = _BOOKED & Q(cancelled_at__isnull=True)
WAS_SERVED = _HELD & Q(served_at__isnull=False)
_TABLE = "dashboards/oversight/rows/appointments.html"


def _conditions(now: datetime) -> dict[str, Q]:
    """One definition of each count, shared by figures and lists."""
    today = midnight(timezone.localdate(now))
    return {
        "booked": _HELD,
        "served": WAS_SERVED,
        "missed": _HELD & Q(missed_at__isnull=False),
        "cancelled": _BOOKED & Q(cancelled_at__isnull=False),
        # No mark was set on the day itself.
        "unmarked": _HELD & Q(served_at__isnull=True, missed_at__isnull=True, starts_at__lt=today),
    }


def _visits(look: Look) -> QuerySet[Appointment]:
    """By the booked time and not by when it was booked: the counted event is in the period."""
    return Appointment.objects.filter(look.inside()).between(look.period.start, look.period.end)


def _rows(code: str, look: Look) -> QuerySet[Appointment]:
    return _visits(look).filter(_conditions(look.now)[code]).for_pages().order_by("starts_at", "pk")


def _count(look: Look) -> Iterable[dict]:
    conditions = _conditions(look.now).items()
    return look.grouped(_visits(look)).annotate(**{code: Count("pk", filter=where) for code, where in conditions})


BOOKED = Figure(
    code="booked",
    title=_("约好的"),
    rows=partial(_rows, "booked"),
    table=_TABLE,
    column=_("约好"),
    count=_count,
    help=_("没有取消的预约，一次算一个。等于已办、未到、没登记和还没到时间的之和。"),
)
SERVED = Figure(
    code="served",
    title=_("已办"),
    rows=partial(_rows, "served"),
    table=_TABLE,
    column=_("已办"),
    count=_count,
    term=_("已办 · 未到"),
    help=_("窗口当天登记的结果。"),
)
MISSED = Figure(
    code="missed",
    title=_("约了没到"),
    rows=partial(_rows, "missed"),
    table=_TABLE,
    column=_("未到"),
    count=_count,
)
UNMARKED = Figure(
    code="unmarked",
    title=_("没登记结果"),
    rows=partial(_rows, "unmarked"),
    table=_TABLE,
    column=_("没登记"),
    count=_count,
    help=_("昨天和以前的预约，窗口没有登记已办，也没有登记未到。"),
)
CANCELLED = Figure(
    code="cancelled",
    title=_("取消的"),
    rows=partial(_rows, "cancelled"),
    table=_TABLE,
    column=_("取消"),
    count=_count,
    help=_("群众取消的和中心取消的都算，不在“约好”里。"),
)
