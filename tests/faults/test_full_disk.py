"""F6: disk full. On SQLite by max_page_count, on PostgreSQL by the error that it raises then.

Neither needs root. A real full disk under PostgreSQL's WAL stops the whole server: that is F4.
"""

from pathlib import Path

import pytest
from django.db import connection

from appointments.models import Appointment
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import taken
from tests.bookers import Booker
from tests.factories.appointments import at
from tests.faults.conftest import database_url
from tests.web import Visitor, Web, web

pytestmark = pytest.mark.django_db(transaction=True)

AT_MOST = 300
FULL, ROOMY = 1, 1_000_000


class Disk:
    def __init__(self, folder: Path):
        self.pages = folder / "pages"
        self.empty()

    def fill(self) -> None:
        if connection.vendor == "sqlite":
            self._run("VACUUM")  # otherwise free pages within the file are filled first
        self.pages.write_text(str(FULL))  # SQLite rounds it up to the present size
        if connection.vendor == "postgresql":
            self._run(
                "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';"
                " END $$",
                # The last row that a booking writes, so that all before it are rolled back.
                "CREATE TRIGGER disk_full BEFORE INSERT ON notifications_message EXECUTE FUNCTION disk_full()",
            )

    def empty(self) -> None:
        self.pages.write_text(str(ROOMY))
        if connection.vendor == "postgresql":
            self._run(
                "DROP TRIGGER IF EXISTS disk_full ON notifications_message",
                "DROP FUNCTION IF EXISTS disk_full",
            )

    def _run(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture
def disk(tmp_path):
    disk = Disk(tmp_path)
    yield disk
    disk.empty()


@pytest.fixture
def server(disk):
    with web(database_url(), workers=1, DISK_PAGES=str(disk.pages)) as server:
        yield server


@pytest.fixture
def slot(center):
    return factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=AT_MOST)


def book_until_refused(server: Web, bookers: list[Booker]) -> int:
    """How many bookings fit into the free space of the last pages."""
    with Visitor(server.port) as visitor:
        for booked, booker in enumerate(bookers):
            booker.answer = booker.ask(visitor)
            if booker.answer.status >= 500:
                return booked
    raise AssertionError(f"the disk took {len(bookers)} bookings")


def test_f6_a_full_disk_is_told_plainly_leaves_nothing_half_done_and_passes(server, disk, slot, item, center):
    bookers = [Booker(number, slot.pk, item.code) for number in range(AT_MOST)]
    disk.fill()
    booked = book_until_refused(server, bookers)
    refused = bookers[booked]
    with Visitor(server.port) as visitor:
        # 1. A message for the person; a code and Retry-After for programs.
        answer = refused.answer
        assert (answer.status, answer.json()["code"]) == (503, "storage_full")
        assert "存放数据的地方满了" in answer.json()["message"]
        assert int(answer.headers["Retry-After"]) > 0
        # 2. Everything was rolled back.
        assert Appointment.objects.count() == booked == taken(slot)[0]
        assert not Appointment.objects.filter(phone=refused.phone).exists()
        assert Message.objects.count() == booked * 2
        # 3. Reading still works.
        for path in ("/", f"/centers/{center.code}/", f"/api/v1/centers/{center.code}", "/readyz"):
            assert visitor.get(path).status == 200, path
        # 4. Once there is space, the same form can be submitted again, without a restart.
        disk.empty()
        assert refused.ask(visitor).status == 201
    assert taken(slot) == (booked + 1, 0)
