"""Words are made at the hand-over, in batches: does the message still hold, and what does it say?

Subjects answer both (portal.notifications.subjects). A message that does not hold any more is withdrawn; one that a
stronger unsent message about the same thing makes superfluous is replaced. A message whose subject is not in the
registry, such as a sign-in code, is sent with the words that it was stored with.
"""

import logging
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from operator import attrgetter

from django.conf import settings
from django.utils import translation

from portal.notifications import keys, subjects
from portal.notifications.models import Channel, Message, State
from portal.notifications.per_channel import said_over, unsigned
from portal.notifications.services import leases
from portal.notifications.subjects import Words

logger = logging.getLogger(__name__)

_ADDRESSEE = attrgetter("subject", "person", "channel")


def prepare(pks: Sequence[int], now: datetime) -> list[int]:
    """Store the words of these pending messages; returns those that are to be sent, in the given order.

    What was handed over before keeps its words, because the provider may have it already: a retry under the same id
    says the same. Every UPDATE names the expected state, so that several senders may prepare the same rows.
    """
    found = Message.objects.in_bulk(pks) if pks else {}
    messages = [found[pk] for pk in pks if pk in found]
    about = subjects.rows_of(messages)
    stands, changed, gone = [], [], set()
    with translation.override(settings.LANGUAGE_CODE):
        for message in _strongest(messages, about, now):
            try:
                said = words_of(message, about, now)
            except Exception as error:  # a subject's mistake with one row must not hold up the others
                logger.exception("Message %s has no words", message.pk)
                leases.mark_unworded(message, error, now)
                continue
            if said is None:
                gone.add(message.pk)
                continue
            if message.attempts == 0 and said != (message.title, message.body):
                message.title, message.body = said
                changed.append(message)
            stands.append(message.pk)
    if changed:
        Message.objects.filter(state=State.PENDING, attempts=0).bulk_update(changed, ["title", "body"])
    _leave(gone, State.WITHDRAWN)
    return stands


def words_of(message: Message, about: dict, now: datetime) -> tuple[str, str] | None:
    """(title, body) of a message over its channel; None if it does not hold any more.

    `about`: what `subjects.rows_of` found for it.
    """
    if not _is_worded(message):
        return (message.title, message.body) if message.body else None
    words = _words(message, about, now)
    return (_title(message, about, words), said_over(message.channel, words)) if words else None


def read_out(message: Message, now: datetime) -> tuple[str, str] | None:
    """(title, body) for staff who call: without link and signature; None if it does not hold any more.

    Of a call that was made, what was said then.
    """
    if message.state == State.CALLED and message.body:
        return message.title, unsigned(message.body)
    spoken = copy(message)
    spoken.channel = Channel.VOICE
    try:
        said = words_of(spoken, subjects.rows_of([message]), now)
    except Exception:  # a subject's mistake with one row must not keep staff from noting that they have called
        logger.exception("Message %s has no words", message.pk)
        return None
    return (said[0], unsigned(said[1])) if said else None


def title_of(message: Message, about: dict, now: datetime) -> str | None:
    """The title alone, as `words_of`."""
    if not _is_worded(message):
        return message.title
    words = _words(message, about, now)
    return _title(message, about, words) if words else None


def holds(message: Message, about: dict, now: datetime) -> bool:
    """Whether it is still to be said. True as well if a subject's mistake keeps it from having words (`prepare`)."""
    try:
        return title_of(message, about, now) is not None
    except Exception:  # one row's mistake must not take a page away, nor hide another message
        return True


def _is_worded(message: Message) -> bool:
    prefix, _pk = keys.parsed(message.subject)
    return prefix in settings.MESSAGE_SUBJECTS


def _words(message: Message, about: dict, now: datetime) -> Words | None:
    if message.subject not in about:
        return None
    subject, row = about[message.subject]
    return subject.words(row, message, now)


def _title(message: Message, about: dict, words: Words) -> str:
    subject, _row = about[message.subject]
    return str(words.title or subject.titles[message.kind])


def shown(messages: Iterable[Message], now: datetime) -> list[Message]:
    """Messages of the inbox with the words of this moment, without those that do not hold any more. Nothing is stored.

    Rows of releases that stored the words keep those.
    """
    messages = list(messages)
    about, standing = subjects.rows_of(messages), []
    for message in messages:
        said = words_of(message, about, now) or ((message.title, message.body) if message.body else None)
        if said:
            message.title, message.body = said
            standing.append(message)
    return standing


def _strongest(messages: list[Message], about: dict, now: datetime) -> list[Message]:
    """Without those that another unsent message to the same person over the same channel replaces; they are marked."""
    order = {key: subject.merged for key, (subject, _row) in about.items() if subject.merged}
    if not order:
        return messages
    rivals = Message.objects.filter(subject__in=order, state__in=State.unsent()).exclude(channel=Channel.INBOX)
    by_addressee: dict[tuple, list[Message]] = {}
    for rival in rivals:
        if rival.kind in order[rival.subject]:
            by_addressee.setdefault(_ADDRESSEE(rival), []).append(rival)
    weaker: set[int] = set()
    for (key, *_rest), known in by_addressee.items():
        kinds = order[key]
        # Only what still holds replaces another: else nobody would be told anything.
        holding = [one for one in known if holds(one, about, now)] if len(known) > 1 else []
        holding.sort(key=lambda one: (kinds.index(one.kind), one.due_at, one.pk))
        weaker |= {one.pk for one in holding[:-1]}
    _leave(weaker, State.REPLACED)
    return [message for message in messages if message.pk not in weaker]


def _leave(pks: set[int], state: State) -> None:
    """Pending ones only: what another sender has in hand meanwhile is sent."""
    if pks:
        Message.objects.filter(pk__in=pks, state=State.PENDING).update(state=state)
