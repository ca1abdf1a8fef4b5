"""Messages that have not arrived and wait for a call (settings.TO_DO)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.dashboards.delivery import selectors
from portal.notifications.models import Message


def _undelivered(user: User, now: datetime) -> QuerySet[Message]:
    return selectors.within_reach(user, now).filter(selectors.TO_DO)


UNDELIVERED = Task(
    words=_("条消息没送到"),
    page="delivery_board",
    permission=Permission.MARK_ATTENDANCE,
    rows=_undelivered,
    division="",
    of_center=False,
)
