"""Cases that wait for whoever has them in hand (settings.TO_DO). The desk's list has a group for each."""

from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.cases import figures, lists
from appointments.cases.models import Case
from centers.to_do import Task
from portal.accounts.models import User
from portal.accounts.roles import Permission


def _mine(group: str, user: User, now: datetime) -> QuerySet[Case]:
    where = lists.group_of(group, timezone.localdate(now)).where
    return Case.objects.with_stage().filter(where, owner=user)


def _list_of_mine(group: str, user: User) -> dict:
    return {"show": group, "owner": user.pk}


def _in_my_hands(group: str, words) -> Task:
    return Task(
        words=words,
        page="desk_cases",
        permission=Permission.HANDLE_CASES,
        rows=partial(_mine, group),
        query=partial(_list_of_mine, group),
    )


def _at_the_township(figure, words) -> Task:
    def rows(user: User, now: datetime) -> QuerySet[Case]:
        return figures.at_the_township(figure.code, timezone.localdate(now))

    def query(user: User) -> dict:
        return {"what": figure.code}

    return Task(
        words=words,
        page="oversight_case_rows",
        permission=Permission.HANDLE_TOWNSHIP_CASES,
        rows=rows,
        of_center=False,
        query=query,
    )


OVERDUE = _in_my_hands("overdue", _("件代办超期了"))
TODAY = _in_my_hands("today", _("件代办今天到期"))
BACK = _in_my_hands("back", _("件代办退回来了"))
NEW = _in_my_hands("new", _("件代办还没受理"))
TO_TAKE = _at_the_township(figures.TO_TAKE, _("件代办等镇里签收"))
DUE_HERE = _at_the_township(figures.DUE_HERE, _("件代办在镇里到期了"))
