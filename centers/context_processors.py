"""The signed-in user's menu, which depends on their roles."""

from django.http import HttpRequest
from django.urls import reverse

from centers import access
from portal import navigation
from portal.accounts.models import User
from portal.accounts.roles import Permission


def menu(request: HttpRequest) -> dict:
    """`navigation`: a list of {title, url, current}. No query for anonymous visitors."""
    user = getattr(request, "user", None)
    entries = navigation.PUBLIC if user is None or not user.is_authenticated else _entries(user)
    rows = [{"title": entry.title, "url": reverse(entry.name)} for entry in entries]
    inside = [row["url"] for row in rows if request.path.startswith(row["url"])]
    # The entry with the longest matching prefix is the current one: /desk/book/ and not /desk/.
    nearest = max(inside, key=len, default="")
    here = request.path if nearest == "/" else nearest
    return {"navigation": [{**row, "current": row["url"] == here} for row in rows]}


def _entries(user: User) -> list[navigation.Entry]:
    entries = []
    held = access.permissions_of(user)
    if Permission.MARK_ATTENDANCE in held:
        entries += navigation.CADRE
    if Permission.VIEW_OVERSIGHT in held:
        entries += [entry for entry in navigation.OFFICIAL if entry not in entries]
    entries = entries or list(navigation.VILLAGER)
    return entries + navigation.UPKEEP if user.is_staff else entries
