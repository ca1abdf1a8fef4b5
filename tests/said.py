"""What messages say: their words are made when they are handed over or shown."""

from django.utils import timezone

from portal.notifications import subjects
from portal.notifications.models import Message
from portal.notifications.new_message import NewMessage
from portal.notifications.services import wording


def words_of(*, at=None, **which) -> str | None:
    """The text of the one stored message of which this is true; None if it does not hold any more."""
    message = Message.objects.get(**which)
    said = wording.words_of(message, subjects.rows_of([message]), at or timezone.now())
    return said[1] if said else None


def texts(planned: list[NewMessage], subject: subjects.Subject, row, at=None) -> dict[str, str]:
    """By channel: what planned messages about this row say."""
    said = {}
    for one in planned:
        values = one._asdict()
        del values["by_call"]
        message = Message(**values)
        words = wording.words_of(message, {message.subject: (subject, row)}, at or timezone.now())
        if words:
            said[one.channel] = words[1]
    return said
