"""Workbooks made to exhaust the reader, uploaded to a real web server: it goes on answering, with the same worker."""

import re
import threading
import time
from pathlib import Path

import pytest

from benchmarks.beside import Administrator
from tests import factories
from tests.centers.hostile_workbooks import HOSTILE
from tests.faults.conftest import database_url
from tests.web import Visitor, shipped_command, web

# Of the web server and what stands before it, whatever its database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

CASES = ["a sheet elsewhere", "many empty cells", "one text in every cell of many sheets"]
MEGABYTES = 400


def most_memory(pid: int) -> int:
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) >> 10


def test_the_portal_goes_on_answering_while_they_are_read(village, signed_in):
    admin = signed_in(factories.UserFactory(username="admin", is_staff=True, is_superuser=True))
    session = admin.cookies["sessionid"].value
    said: dict[str, str] = {}
    with web(database_url(), command=shipped_command(1), quiet=True) as server:
        (worker,) = server.workers()

        def upload(case: str) -> None:
            answer = Administrator(server.port, session).upload("/admin/centers/resident/import/", HOSTILE[case]())
            said[case] = answer.body.decode()

        threads = [threading.Thread(target=upload, args=(case,)) for case in CASES]
        for thread in threads:
            thread.start()
        slowest = 0.0
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            with Visitor(server.port) as visitor:
                assert visitor.get("/healthz").status == 200
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.1)
        assert most_memory(worker) < MEGABYTES and Path(f"/proc/{worker}").exists()
    assert slowest < 3
    for case in CASES:
        assert re.search("展开以后太大|行太多|没有找到表头|正好有别的表格在读", said[case]), case
