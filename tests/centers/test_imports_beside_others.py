"""A sheet is validated while others write, written in few statements, and what changed meanwhile is told by row."""

import threading
import time

import pytest
from auditlog.models import LogEntry
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centers.importing import resources
from centers.models import Center, Division, Membership, Resident, Room
from portal.accounts.models import User
from tests import factories
from tests.centers import sheets
from tests.centers.test_sheets import (  # noqa: F401
    CODE,
    RESIDENTS,
    STAFF,
    as_superuser,
    bring_in,
    confirm,
    page,
    said,
    upload,
)

pytestmark = pytest.mark.django_db(transaction=True)

CENTERS = ["区划代码", "名称", "地址", "对外服务"]


def residents(number: int) -> bytes:
    rows = [[CODE, f"王{chr(0x4E00 + at)}", f"138{at:08d}", "一组", ""] for at in range(number)]
    return sheets.xlsx(RESIDENTS, *rows)


@pytest.fixture
def slow_rows(monkeypatch):
    """Validation stops at its second row until told to go on."""
    reached, go_on = threading.Event(), threading.Event()
    plain = resources.PlaceResource.before_import_row

    def stopping(self, row, **kwargs):
        if kwargs["row_number"] == 2:
            reached.set()
            assert go_on.wait(20)
        plain(self, row, **kwargs)

    monkeypatch.setattr(resources.PlaceResource, "before_import_row", stopping)
    return reached, go_on


def seconds_of_a_write_during(step, reached, go_on) -> float:
    def run() -> None:
        try:
            step()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert reached.wait(20)
        began = time.monotonic()
        Division.objects.update(pinyin="x")
        return time.monotonic() - began
    finally:
        go_on.set()
        thread.join(30)


def test_others_write_while_a_preview_is_validated(as_superuser, slow_rows):  # noqa: F811
    def preview() -> None:
        assert said(upload(as_superuser, Resident, residents(3))) == []

    assert seconds_of_a_write_during(preview, *slow_rows) < 1


@pytest.mark.parametrize("model", [Resident, Center])
def test_others_write_while_a_confirmed_sheet_is_validated(as_superuser, slow_rows, model, village, other_center):  # noqa: F811
    reached, go_on = slow_rows
    go_on.set()
    codes = [CODE, other_center.division.code]
    rows = [[code, f"{code}的中心", "", "是"] for code in codes]
    data = residents(3) if model is Resident else sheets.xlsx(CENTERS, *rows)
    answer = upload(as_superuser, model, data)
    assert said(answer) == []
    reached.clear()
    go_on.clear()
    assert seconds_of_a_write_during(lambda: confirm(as_superuser, model, answer), reached, go_on) < 1
    assert model.objects.count() >= 2


def test_control_a_validation_inside_a_transaction_keeps_others_waiting(as_superuser, slow_rows):  # noqa: F811
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has more than one writer")
    reached, go_on = slow_rows

    def preview() -> None:
        with transaction.atomic():
            upload(as_superuser, Resident, residents(3))

    threading.Timer(3, go_on.set).start()
    assert seconds_of_a_write_during(preview, reached, go_on) > 1


def statements_of(client, number: int) -> int:
    answer = upload(client, Resident, residents(number))
    with CaptureQueriesContext(connection) as queries:
        said_ = confirm(client, Resident, answer)
    assert f"新增 {number}，" in said_
    Resident.objects.all().delete()
    return len(queries)


def test_it_is_written_in_few_statements(as_superuser):  # noqa: F811
    assert statements_of(as_superuser, 120) <= statements_of(as_superuser, 20) + 4


def meanwhile(monkeypatch, change) -> None:
    """Somebody else's `change` falls between validation and writing."""
    plain = resources.PlaceResource.write_into

    def overtaken(self, result, **kwargs):
        change()
        plain(self, result, **kwargs)

    monkeypatch.setattr(resources.PlaceResource, "write_into", overtaken)


def test_somebody_listed_meanwhile_is_told_by_row(as_superuser, monkeypatch, village):  # noqa: F811
    answer = upload(as_superuser, Resident, residents(5))
    third = {"name": f"王{chr(0x4E02)}", "phone": "13800000002"}
    meanwhile(monkeypatch, lambda: factories.ResidentFactory(division=village, **third))
    html = confirm(as_superuser, Resident, answer)
    assert "第 4 行：这位居民已经登记过" in html and "第 3 行" not in html
    assert Resident.objects.count() == 1


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_row_that_somebody_else_changed_is_told_by_row(as_superuser, monkeypatch, how):  # noqa: F811
    bring_in(as_superuser, Resident, residents(3))
    second = Resident.objects.get(phone="13800000001")
    rows = [[CODE, one.name, one.phone, "二组", ""] for one in Resident.objects.order_by("phone")]
    answer = upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, *rows))

    def change() -> None:
        row = Resident.objects.filter(pk=second.pk)
        row.update(remark="东头") if how == "changed" else row.delete()

    meanwhile(monkeypatch, change)
    html = confirm(as_superuser, Resident, answer)
    assert "第 3 行：刚刚有人改过" in html and "第 2 行" not in html
    assert not Resident.objects.filter(villager_group="二组").exists()


def test_a_village_that_ended_meanwhile_is_told_by_row(as_superuser, monkeypatch, village):  # noqa: F811
    answer = upload(as_superuser, Resident, residents(2))
    meanwhile(monkeypatch, lambda: Division.objects.filter(pk=village.pk).update(valid_to=timezone.localdate()))
    assert "第 2 行：这个村（社区）或中心刚刚停用了。" in confirm(as_superuser, Resident, answer)
    assert not Resident.objects.exists()


def test_an_account_made_meanwhile_is_told_by_row(as_superuser, monkeypatch):  # noqa: F811
    rows = [[CODE, name, phone, "代办员", ""] for name, phone in (("李春燕", 13800001111), ("赵大勇", 13800001112))]
    answer = upload(as_superuser, Membership, sheets.xlsx(STAFF, *rows))
    meanwhile(monkeypatch, lambda: factories.UserFactory(name="赵大勇", phone="13800001112"))
    html = confirm(as_superuser, Membership, answer)
    assert "第 3 行：" in html and "第 2 行：" not in html
    assert not Membership.objects.exists() and not User.objects.filter(phone="13800001111").exists()


@pytest.mark.parametrize("how", ["named", "renumbered", "gone"])
def test_an_account_that_changed_meanwhile_is_told_by_row(as_superuser, monkeypatch, how):  # noqa: F811
    li, zhao = (
        factories.UserFactory(name=name, phone=phone)
        for name, phone in (("李春燕", "13800001111"), ("赵大勇", "13800001112"))
    )
    rows = [[CODE, user.name, user.phone, "代办员", ""] for user in (li, zhao)]
    answer = upload(as_superuser, Membership, sheets.xlsx(STAFF, *rows))

    def change() -> None:
        stored = User.objects.filter(pk=zhao.pk)
        if how == "gone":
            stored.delete()
        elif how == "named":
            stored.update(name="石大山")
        else:
            stored.update(phone="13800001113")
            factories.UserFactory(name="石大山", phone="13800001112")

    meanwhile(monkeypatch, change)
    html = confirm(as_superuser, Membership, answer)
    assert "第 3 行：刚刚有人改过" in html and "第 2 行" not in html
    assert not Membership.objects.exists()


def test_an_account_that_was_used_meanwhile_gets_its_role(as_superuser, monkeypatch):  # noqa: F811
    li = factories.UserFactory(name="李春燕", phone="13800001111")
    answer = upload(as_superuser, Membership, sheets.xlsx(STAFF, [CODE, li.name, li.phone, "代办员", ""]))
    meanwhile(monkeypatch, lambda: User.objects.filter(pk=li.pk).update(last_login=timezone.now()))
    assert "新增 1，" in confirm(as_superuser, Membership, answer)
    assert Membership.objects.get().user == li


def test_updates_replace_lists_and_are_on_record(as_superuser, center):  # noqa: F811
    factories.RoomFunctionFactory(code="library", name="农家书屋")
    factories.RoomFunctionFactory(code="canteen", name="食堂")
    header = ["区划代码", "名称", "功能", "可坐人数"]
    bring_in(as_superuser, Room, sheets.xlsx(header, [CODE, "阅览室", "农家书屋", 10]))
    assert "新增 0，更新 1，" in bring_in(as_superuser, Room, sheets.xlsx(header, [CODE, "阅览室", "食堂", 12]))
    room = Room.objects.get()
    assert (room.seats, [one.name for one in room.functions.all()]) == (12, ["食堂"])
    entry = LogEntry.objects.get_for_object(room).filter(action=LogEntry.Action.UPDATE).get()
    assert entry.changes["seats"] == ["10", "12"] and entry.actor.username == "admin"


def test_a_preview_shows_the_lists_of_new_rows(as_superuser):  # noqa: F811
    factories.GroupTagFactory(code="elderly", name="老年人")
    answer = upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, [CODE, "王桂兰", "", "", "老年人"]))
    assert "老年人" in answer.content.decode()
