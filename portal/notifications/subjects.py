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
    """A subject in lists of staff: masked `name`, `url` of the page where they handle it, `what` it is, and details."""

    name: str
    url: str
    what: str | Promise
    more: str


@dataclass(frozen=True, slots=True)
class Subject:
    """How to load, limit, name and link the rows of one prefix.

    rows        with all related rows that `shown` reads, so that a page of messages costs one query per prefix
    recent      (moment) → rows that may still matter for messages due since then
    division    field path from a row to its division code, which limits who sees it
    seen_by     permission to see its messages on the delivery board, within the user's divisions
    handled_by  permission to send them again or to call instead
    shown       (row, Message.person) → Shown
    links       (pks, persons of the inbox) → URL by pk, only of rows that are theirs; at most one query
    """

    rows: Callable[[], QuerySet]
    recent: Callable[[datetime], QuerySet]
    division: str
    seen_by: Permission
    handled_by: Permission
    shown: Callable[[Model, str], Shown]
    links: Callable[[set[int], set[str]], dict[int, str]]


def registered() -> dict[str, Subject]:
    """The subjects by prefix, in the order of settings.MESSAGE_SUBJECTS."""
    return {prefix: import_string(path) for prefix, path in settings.MESSAGE_SUBJECTS.items()}
