"""The signed-in user's menu, which depends on their roles."""

from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject

from centers import access, managing, to_do
from portal.accounts.models import User
from portal.accounts.roles import Permission


def menu(request: HttpRequest) -> dict:
    """`navigation`: a list of {title, url, current}, for who is signed in also {number}: how much waits there for them.

    `to_do`: a centers.to_do.ToDo, asked for where a page shows it; `superior`: whom they ask for more rights. No query
    for anonymous visitors.
    """
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    rows = [
        {"title": title, "url": _url(name)} for name, title in (_entries(user) if is_known else settings.MENU["public"])
    ]
    inside = [row["url"] for row in rows if request.path.startswith(row["url"])]
    # The entry with the longest matching prefix is the current one: /desk/book/ and not /desk/.
    nearest = max(inside, key=len, default="")
    here = request.path if nearest == "/" else nearest
    navigation = [{**row, "current": row["url"] == here} for row in rows]
    if not is_known:
        return {"navigation": navigation}
    waiting = SimpleLazyObject(partial(to_do.of_request, request))
    numbers = SimpleLazyObject(lambda: waiting.at([row["url"] for row in rows]))
    return {
        "navigation": [{**row, "number": partial(_number, numbers, row["url"])} for row in navigation],
        "to_do": waiting,
        "superior": SimpleLazyObject(partial(access.superior_of, user)),
    }


def _number(numbers: dict[str, int], url: str) -> int:
    return numbers[url]


@cache
def _url(name: str) -> str:
    # Cached: reverse() of a menu takes a tenth of a public page.
    return reverse(name)


def _entries(user: User) -> list[tuple[str, str | Promise]]:
    entries = []
    held = access.permissions_of(user)
    if Permission.MARK_ATTENDANCE in held:
        entries += settings.MENU["cadre"]
    if Permission.VIEW_OVERSIGHT in held:
        there = {name for name, _title in entries}
        entries += [entry for entry in settings.MENU["official"] if entry[0] not in there]
    entries = entries or [*settings.MENU["public"], *settings.MENU["villager"]]
    if managing.may_manage(user):
        entries = entries + settings.MENU["manager"]
    return entries + settings.MENU["administrator"] if user.is_staff else entries
