"""Database outages (disk full, busy, unreachable), answered by 503 with Retry-After instead of 500.

Recognised by the drivers' error codes (SQLSTATE, SQLite result codes), since messages vary with version and locale.
"""

from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ui.context_processors import look


@dataclass(frozen=True)
class Outage:
    code: str
    happened: Promise
    kept: Promise
    retry_after: int  # seconds

    def __str__(self) -> str:
        return f"{self.happened}{self.kept}"


STORAGE_FULL = Outage(
    "storage_full",
    _("存放数据的地方满了，刚才这一步没有办成。"),
    _("什么都没有改动，已经约好的事都在，查预约照常。请过一会儿再试；急着办，请打电话给中心。"),
    300,
)
BUSY = Outage(
    "busy",
    _("现在办事的人太多，刚才这一步没有办成。"),
    _("什么都没有改动，您填的内容还在。请过几秒钟再点一次。"),
    5,
)
SLOW = Outage(
    "too_slow",
    _("这一步花的时间太久，停了下来，没有办成。"),
    _("什么都没有改动。请过一会儿再点一次；看数字的，请把起止日期选近一些。"),
    10,
)
# The connection may have been lost after COMMIT: only here it is unknown whether the last step was done.
AWAY = Outage(
    "unavailable",
    _("系统正在恢复，刚才这一步可能没有办成。"),
    _("已经约好的事都在。请过一会儿再试，先查一下办成没有，免得办两次。"),
    10,
)

_SQLITE = {5: BUSY, 6: BUSY, 10: AWAY, 13: STORAGE_FULL, 14: AWAY}
# disk_full; too_many_connections; serialization_failure; deadlock_detected; lock_not_available; query_canceled
_POSTGRESQL = {"53100": STORAGE_FULL, "53300": BUSY, "40001": BUSY, "40P01": BUSY, "55P03": BUSY, "57014": SLOW}


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that caused an error; None for bugs, such as a missing table."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    cause = error.__cause__
    if hasattr(cause, "sqlite_errorcode"):
        return _SQLITE.get(cause.sqlite_errorcode & 0xFF)  # primary result code of an extended one
    if hasattr(cause, "pgcode"):
        lost = not cause.pgcode or cause.pgcode.startswith(("08", "57P"))
        return AWAY if lost else _POSTGRESQL.get(cause.pgcode)
    return None


def page(request: HttpRequest, outage: Outage) -> HttpResponse:
    """The 503 page. Uses no database."""
    context = look(request) | {"outage": outage}
    headers = {"Retry-After": str(outage.retry_after)}
    return HttpResponse(render_to_string("errors/503.html", context), status=503, headers=headers)


def page_if_slow(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The 503 page, if the error is that a statement took too long."""
    return page(request, SLOW) if outage_of(error) == SLOW else None
