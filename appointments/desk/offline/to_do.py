"""What was noted without a network and waits for somebody (settings.TO_DO)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from appointments.desk.offline.models import OfflineMark
from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission


def _unsettled(user: User, now: datetime) -> QuerySet[OfflineMark]:
    return OfflineMark.objects.unsettled()


LEFT = Task(
    words=_("条断网时记下的要处理"),
    page="desk_sheet_left",
    permission=Permission.MARK_ATTENDANCE,
    rows=_unsettled,
)
