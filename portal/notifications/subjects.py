"""What a message is about. This app knows no domain model: each app adds an entry to settings.MESSAGE_SUBJECTS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject as staff see it: `name` masked as it may stand in a list, `url` of the page where it is dealt with."""

    name: str
    url: str
    what: str | Promise
    more: str


@dataclass(frozen=True, slots=True)
class Subject:
    """How to load, bound, name and link the rows of one prefix.

    rows        with what `shown` reads of them, so that a page of messages costs one query for each prefix
    recent      rows that may matter still to whoever looks at what was due since a moment
    division    path from a row to the code of its division, which bounds who sees it
    seen_by     who finds its messages on the board, within their reach
    handled_by  who may send again or call instead
    shown       (row, the message's person)
    links       (pks, the persons whose inbox it is) → the page of each for them, in one query at most
    """

    rows: Callable[[], QuerySet]
    recent: Callable[[datetime], QuerySet]
    division: str
    seen_by: Permission
    handled_by: Permission
    shown: Callable[[Model, str], Shown]
    links: Callable[[set[int], set[str]], dict[int, str]]


def registered() -> dict[str, Subject]:
    """By prefix, in the order of the settings."""
    return {prefix: import_string(path) for prefix, path in settings.MESSAGE_SUBJECTS.items()}
