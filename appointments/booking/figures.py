"""Statistics of bookings: arrived, served, missed, cancelled (settings.FIGURES)."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

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


def _figure(code: str, **more: Any) -> Figure:
    """All of them count and list appointments, by one query and in one table."""
    return Figure(code=code, rows=partial(_rows, code), table=_TABLE, count=_count, **more)


BOOKED = _figure(
    "booked",
    title=_("约好的"),
    column=_("约好"),
    help=_("没有取消的预约，一次算一个。等于已办、未到、没登记和还没到时间的之和。"),
)
SERVED = _figure(
    "served",
    title=_("已办"),
    column=_("已办"),
    term=_("已办 · 未到"),
    help=_("窗口当天登记的结果。"),
)
MISSED = _figure("missed", title=_("约了没到"), column=_("未到"))
UNMARKED = _figure(
    "unmarked",
    title=_("没登记结果"),
    column=_("没登记"),
    help=_("昨天和以前的预约，窗口没有登记已办，也没有登记未到。"),
)
CANCELLED = _figure(
    "cancelled",
    title=_("取消的"),
    column=_("取消"),
    help=_("群众取消的和中心取消的都算，不在“约好”里。"),
)
