"""What a message is about. This app knows no domain model: each app adds an entry to settings.MESSAGE_SUBJECTS."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.accounts.roles import Permission
from portal.notifications import keys
from portal.notifications.models import Message


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject in lists of staff: masked `name`, `url` of the page where they handle it, `what` it is, and details."""

    name: str
    url: str
    what: str | Promise
    more: str


class Words(NamedTuple):
    """What a message says: `body` in the inbox and read out in a call, `sms` where an SMS says it shorter.

    `title` where it differs from that of the kind (`Subject.titles`). A lazy `body` is worked out when it is said, and
    not for a list of titles.
    """

    body: str | Promise
    sms: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """How to load, limit, name, link and word the rows of one prefix.

    rows        with all that `shown` and `words` read, so that a page of messages costs one query per prefix
    recent      (moment) → rows that may still matter for messages due since then
    division    field path from a row to its division code, which limits who sees it
    seen_by     permission to see its messages on the delivery board, within the user's divisions
    handled_by  permission to send them again or to call instead
    shown       (row, Message.person) → Shown
    links       (pks, persons of the inbox) → URL by pk, only of rows that are theirs; at most one query
    titles      title by kind
    words       (row, message, moment) → what it says, or None if it does not hold any more. Called at the hand-over,
                and whenever the inbox or the call list is shown; no queries of its own, except for what is read out
                in one call, and where a center has no number
    merged      kinds from the weakest to the strongest: of the unsent messages about one row to one person over one
                channel only the strongest is sent, of equals the latest
    """

    rows: Callable[[], QuerySet]
    recent: Callable[[datetime], QuerySet]
    division: str
    seen_by: Permission
    handled_by: Permission
    shown: Callable[[Model, str], Shown]
    links: Callable[[set[int], set[str]], dict[int, str]]
    titles: Mapping[str, str | Promise]
    words: Callable[[Model, Message, datetime], Words | None]
    merged: tuple[str, ...] = ()


def registered() -> dict[str, Subject]:
    """The subjects by prefix, in the order of settings.MESSAGE_SUBJECTS."""
    return {prefix: import_string(path) for prefix, path in settings.MESSAGE_SUBJECTS.items()}


def rows_of(messages: Iterable[Message]) -> dict[str, tuple[Subject, Model]]:
    """What these messages are about, by key: one query for each prefix that occurs."""
    said, found = {message.subject for message in messages}, {}
    for prefix, subject in registered().items():
        if pks := keys.pks_of(prefix, said):
            loaded = subject.rows().in_bulk(pks)
            found |= {keys.key_of(prefix, pk): (subject, row) for pk, row in loaded.items()}
    return found
