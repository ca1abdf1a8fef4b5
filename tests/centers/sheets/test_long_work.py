"""A big sheet is worked on by the job, a part at a time: a killed worker loses nothing and repeats nothing."""

import time

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from centers.models import Resident, SheetUpload
from centers.people import residents
from centers.sheets import services, work
from centers.sheets.kinds import KINDS
from portal.ui.idempotency import new_key
from tests.centers.sheets import steps, xlsx
from tests.together import together

CODE = "990101100201"


@pytest.fixture
def big(monkeypatch):
    """No file is small, and five rows are five parts."""
    monkeypatch.setattr(services, "SMALL", -1)
    monkeypatch.setattr(services, "SMALL_ROWS", -1)
    monkeypatch.setitem(KINDS, "residents", KINDS["residents"].__class__(**vars(KINDS["residents"]) | {"at_once": 1}))


def rows(*names: str) -> list[list]:
    return [steps.RESIDENTS, *([CODE, name, f"1380000560{at}", "", "", ""] for at, name in enumerate(names))]


FIVE = rows("王一", "王二", "王三", "王四", "王五")


@pytest.mark.django_db
def test_the_page_tells_how_far_it_is(big, village, officer, signed_in):
    client = signed_in(officer)
    steps.upload(client, "residents", *FIVE)
    work.advance(steps.last().pk, 0)  # reads
    work.advance(steps.last().pk, 0)  # one part
    page = client.get(f"/manage/sheets/{steps.last().pk}/")

    assert "正在一行一行地查 做了20%" in steps.said(page)
    work.work()
    assert "5行都对" in steps.said(client.get(f"/manage/sheets/{steps.last().pk}/"))


@pytest.mark.django_db
def test_rows_that_come_twice_are_found_after_another_worker_has_gone_on(big, village, officer, signed_in):
    twice = [*FIVE, [CODE, "王一", "13800005600", "", "", ""]]
    steps.upload(signed_in(officer), "residents", *twice)
    while SheetUpload.objects.unfinished().exists():
        work.advance(steps.last().pk, 0)

    assert services.faults(steps.last()) == [[0, 7, "", "和第 2 行重复"]]


@pytest.mark.django_db
def test_a_killed_worker_is_followed_by_another_when_its_claim_is_over(big, village, officer, signed_in, monkeypatch):
    client = signed_in(officer)
    steps.upload(client, "residents", *FIVE)
    work.work()
    steps.confirm(client)
    work.advance(steps.last().pk, 0)
    SheetUpload.objects.update(claimed_until=timezone.now() + work.CLAIM)  # by the one that is killed now

    assert work.work() == 0 and Resident.objects.count() == 1
    SheetUpload.objects.update(claimed_until=timezone.now())
    assert work.work() == 4
    assert Resident.objects.count() == 5 and services.totals(steps.last())["new"] == 5


@pytest.mark.django_db
def test_the_log_names_who_uploaded_it_and_nobody_for_what_comes_after(big, village, officer, signed_in):
    client = signed_in(officer)
    steps.upload(client, "residents", *FIVE)
    work.work()
    steps.confirm(client)
    work.work()
    later = residents.find_or_create(division=village, name="李红", phone="13800005699")
    actors = dict(LogEntry.objects.get_for_model(Resident).values_list("object_id", "actor"))

    assert actors.pop(later.pk) is None and set(actors.values()) == {officer.pk}


@pytest.mark.django_db
def test_a_sheet_on_which_every_worker_ends_is_given_up(big, village, officer, signed_in, monkeypatch):
    client = signed_in(officer)
    steps.upload(client, "residents", *FIVE)
    monkeypatch.setattr(work.reading, "read", lambda upload: 1 / 0)
    for _try in range(work.MOST_TRIES + 1):
        work.work()

    assert "系统处理不了这张表" in steps.said(client.get(f"/manage/sheets/{steps.last().pk}/"))


@pytest.mark.race
@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_row_once(big, village, officer, is_guarded, monkeypatch):
    """Control: without the claim both take up the same part; the second finds that it is written."""
    data = xlsx(*FIVE)
    upload = services.receive(kind="residents", name="表.xlsx", data=data, key=new_key(), by=officer)
    work.work(60)
    services.confirm(upload=upload, by=officer)
    tries = []
    real = work._write
    monkeypatch.setattr(work, "_write", lambda *given: (tries.append(given[1].pk), time.sleep(0.1), real(*given)))
    if not is_guarded:
        monkeypatch.setattr(work, "CLAIM", timezone.timedelta(seconds=-1))

    answers = together(lambda _number: work.advance(upload.pk, time.monotonic() + 60), range(2))

    assert [one for one in answers if isinstance(one, Exception)] == []
    assert (len(tries) > 5) == (not is_guarded)
    assert Resident.objects.count() == 5 and services.totals(upload)["new"] == 5
