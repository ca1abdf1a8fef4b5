"""Rows of a resident at a center as the subject of messages (settings.MESSAGE_SUBJECTS)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from centers.people.messages import residents_of
from portal.accounts.roles import Permission
from portal.notifications.models import Message
from portal.notifications.subjects import Shown, Subject, Words


def of_resident(
    *,
    rows: Callable[[], QuerySet],
    recent: Callable[[datetime], QuerySet],
    shown: Callable[[Model, str], Shown],
    page: str,
    titles: Mapping[str, str | Promise],
    words: Callable[[Model, Message, datetime], Words | None],
    merged: tuple[str, ...] = (),
) -> Subject:
    """For a model with `center`, `resident` and `link`; `page` is the URL name of the row's public page by its link."""

    def links(pks: set[int], people: set[str]) -> dict[int, str]:
        own = rows().filter(pk__in=pks, resident__in=residents_of(people))
        return {pk: reverse(page, args=[link]) for pk, link in own.values_list("pk", "link")}

    return Subject(
        rows=rows,
        recent=recent,
        division="center__division__code",
        seen_by=Permission.VIEW_DAY,
        handled_by=Permission.MARK_ATTENDANCE,
        shown=shown,
        links=links,
        titles=titles,
        words=words,
        merged=merged,
    )
