"""The guestbook joins the portal only by adding its entries to the tables in the settings."""

import pytest

from tests import factories
from tests.guestbook.models import Note
from tests.guestbook.tables import JOINING


@pytest.fixture
def joined(settings):
    for name, lines in JOINING.items():
        setattr(settings, name, added(getattr(settings, name), lines))


def added(table, lines):
    """A copy of a table with these entries; lists are extended, also inside of dictionaries."""
    if isinstance(table, list):
        return table + lines
    return table | {
        key: added(table[key], line) if isinstance(table.get(key), list) else line for key, line in lines.items()
    }


@pytest.fixture
def note(joined, center, resident) -> Note:
    return Note.objects.create(center=center, resident=resident, text="路灯坏了")


@pytest.fixture
def said(note):
    """`said(channel=…)`: a message about the note."""

    def make(**values):
        return factories.MessageFactory(
            subject=f"note:{note.pk}", person=f"resident:{note.resident_id}", kind="noted", title="留言有回音", **values
        )

    return make
