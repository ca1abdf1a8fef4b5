"""Bad ratings that somebody has to read (settings.TO_DO)."""

from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import ABOVE, CENTER, Rating
from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission


def _to_read(by: str, user: User, now: datetime) -> QuerySet[Rating]:
    return Rating.objects.to_read(by, now).with_code()


def _new_ones(user: User) -> dict:
    return {"show": "new"}


def _of(by: str, permission: Permission) -> Task:
    return Task(
        words=_("条不满意的评价要看"),
        page="manage_ratings",
        permission=permission,
        rows=partial(_to_read, by),
        division="code",
        of_center=False,
        query=_new_ones,
    )


AT_THE_CENTER = _of(CENTER, Permission.MANAGE_CENTER)
ABOVE_IT = _of(ABOVE, Permission.VIEW_OVERSIGHT)
