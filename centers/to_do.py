"""要您做的: what waits for a user until it is done, for the strip on their first pages and the numbers in the menu.

Each kind is a Task in settings.TO_DO. All are counted by one query, whatever the number of tasks and of their rows.
Composing it takes longer than most pages, so that the numbers are remembered for half a minute, in the worker's memory:
under who asks, what they hold, and their last step, which a cookie names, so that what they have done is gone from the
next page whichever worker answers it.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import caches
from django.db.models import CharField, Count, F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from centers import access
from centers.models import Division
from portal.accounts.models import User
from portal.accounts.roles import Permission

# Who is asked: the audiences of settings.TO_DO, as in settings.MENU.
AUDIENCES = {"cadre": Permission.MARK_ATTENDANCE, "official": Permission.VIEW_OVERSIGHT}


# The cookie that names the last step: a moment, in hexadecimal milliseconds.
STEP = "step"


def _no_query(user: User) -> dict:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that waits until somebody does it.

    words       what it is, after its number: 个预约要安置
    page        URL name of the page where it is done, without arguments; it lists what is counted
    permission  whoever lacks it is not asked; the rows are limited to where they have it
    rows        (user, moment) → what waits
    division    field path from a row to its division code; empty: `rows` is limited already, and counted as a whole
    of_center   the page shows one center, named by ?center=
    query       user → the rest of the page's query string
    """

    words: str | Promise
    page: str
    permission: Permission
    rows: Callable[[User, datetime], QuerySet]
    division: str = "center__division__code"
    of_center: bool = True
    query: Callable[[User], dict] = _no_query


@dataclass(frozen=True, slots=True)
class Waiting:
    """`place` is named if the user is asked for more than one center."""

    task: Task
    number: int
    url: str
    place: str = ""


@dataclass(slots=True)
class ToDo:
    """What waits for one user, in the order of settings.TO_DO. `is_asked`: their role is one that is asked."""

    is_asked: bool = False
    waiting: list[Waiting] = field(default_factory=list)

    def at(self, urls: Iterable[str]) -> dict[str, int]:
        """How much waits below each of these URLs of a menu; each task counts for the nearest."""
        numbers = dict.fromkeys(urls, 0)
        for one in self.waiting:
            if above := [url for url in numbers if url != "/" and one.url.startswith(url)]:
                numbers[max(above, key=len)] += one.number
        return numbers


def of_request(request: HttpRequest) -> ToDo:
    """What waits for the user of a request; looked up once a request."""
    if not hasattr(request, "to_do"):
        request.to_do = _to_do(request)
    return request.to_do


def note_steps(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what was remembered before somebody's step is not shown to them after it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                STEP,
                format(time.time_ns() // 10**6, "x"),
                max_age=2 * settings.CACHES["to-do"].get("TIMEOUT", 30),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return answer


def _to_do(request: HttpRequest) -> ToDo:
    """One query, or none; one more for the names of the places if there are several."""
    user = request.user
    asked = list(_asked(user)) if user.is_authenticated else []
    if not asked:
        return ToDo()
    held = [f"{held.role}@{held.division.code}" for held in access.memberships_of(user)]
    parts = [str(user.pk), request.COOKIES.get(STEP, ""), *held, *(task.words for task in asked)]
    key = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    found, named = caches["to-do"].get_or_set(key, partial(_looked_up, user, asked, timezone.now()))
    waiting = []
    for index, code, number in found:
        task = asked[index]
        query = ({"center": code} if code else {}) | task.query(user)
        url = reverse(task.page) + (f"?{urlencode(query)}" if query else "")
        waiting.append(Waiting(task, number, url, named.get(code, "")))
    return ToDo(True, waiting)


def _looked_up(user: User, asked: list[Task], now: datetime) -> tuple[list[tuple[int, str, int]], dict[str, str]]:
    found = _counted(user, asked, now)
    return found, _names(code for _index, code, _number in found)


def _asked(user: User) -> Iterator[Task]:
    """The tasks that may wait for a user."""
    held = access.permissions_of(user)
    for audience, paths in settings.TO_DO.items():
        if AUDIENCES[audience] in held:
            yield from (task for path in paths if (task := _task(path)).permission in held)


@cache
def _task(path: str) -> Task:
    return import_string(path)


def _counted(user: User, asked: list[Task], now: datetime) -> list[tuple[int, str, int]]:
    """(index of the task, code of the division or "", number), in order, without those of which nothing waits."""
    counts = [_count(index, task, user, now) for index, task in enumerate(asked)]
    if not counts:
        return []
    first, *others = counts
    rows = first.union(*others, all=True) if others else first
    return sorted(row for row in rows if row[2])


def _count(index: int, task: Task, user: User, now: datetime) -> QuerySet:
    """One row for each center, for a page of one center; else one row."""
    rows = task.rows(user, now).order_by()
    if task.division:
        rows = access.bounded(rows, task.division, user, task.permission)
    code = F(task.division) if task.of_center and task.division else Value("", CharField())
    which = rows.annotate(task_index=Value(index), task_code=code).values("task_index", "task_code")
    return which.annotate(task_number=Count("pk")).values_list("task_index", "task_code", "task_number")


def _names(codes: Iterable[str]) -> dict[str, str]:
    """Of the places, if there are several."""
    codes = {code for code in codes if code}
    if len(codes) < 2:
        return {}
    found = Division.objects.current().filter(code__in=codes)
    return {division.code: division.short_name for division in found}
