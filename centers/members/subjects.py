"""Changes of an account as what a message is about (settings.MESSAGE_SUBJECTS)."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from centers.members.messages import TITLES, what, words
from centers.models import MemberChange
from portal.accounts.roles import Permission
from portal.notifications.subjects import Shown, Subject


def _rows() -> QuerySet[MemberChange]:
    return MemberChange.objects.select_related("user", "by", "division")


def _recent(since: datetime) -> QuerySet[MemberChange]:
    return MemberChange.objects.filter(at__gte=since)


def _shown(change: MemberChange, person: str) -> Shown:
    url = reverse("member", args=[change.user_id])
    return Shown(name=str(change.user), url=url, what=what(change), more=change.division.short_name)


def _links(pks: set[int], people: set[str]) -> dict[int, str]:
    """The message says it all; what can be done about it is a call."""
    return {}


SUBJECT = Subject(
    rows=_rows,
    recent=_recent,
    division="division__code",
    seen_by=Permission.MANAGE_MEMBERS,
    handled_by=Permission.MANAGE_MEMBERS,
    shown=_shown,
    links=_links,
    titles=TITLES,
    words=words,
)
