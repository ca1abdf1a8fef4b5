"""Syncing a device: each mark is judged on its own, and errors are never an HTML page."""

import json

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.models import OfflineMark
from tests import factories
from tests.appointments.desk.offline.device import mark, milliseconds, note, send, send_text
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(center, item, resident):
    return factories.AppointmentFactory(
        center=center, item=item, resident=resident, starts_at=at(0, 0), booked_at=at(-1, 9)
    )


@pytest.fixture
def device(signed_in, cadre, center):
    return signed_in(cadre)


def test_each_mark_is_answered_by_its_key_and_the_list_comes_along(device, cadre, due):
    arrival, walk_in = mark(due, "arrive"), note()

    answer = send(device, cadre, arrival, walk_in).json()

    assert answer["outcomes"] == {arrival["key"]: "applied", walk_in["key"]: "applied"}
    assert [row["status"] for row in answer["rows"]] == ["arrived"]
    assert answer["open"] == 1


def test_a_foreign_mark_is_refused_and_the_others_are_set(device, cadre, due, other_center, item):
    foreign = factories.AppointmentFactory(
        center=other_center, item=item, resident__division=other_center.division, starts_at=at(0, 0)
    )
    marks = [mark(foreign, "arrive"), mark(due, "arrive")]

    answer = send(device, cadre, *marks).json()

    assert list(answer["outcomes"].values()) == ["refused", "applied"]
    assert [row["say"] for row in answer["stuck"]] == ["名单上的这一条不是本中心的预约，没有记上。请在工作台上核对。"]


def test_a_clock_that_is_an_hour_off_is_set_right_by_its_own_now(device, cadre, due):
    hour = 3_600_000
    now = milliseconds(due.starts_at) + 60_000
    sent = mark(due, "arrive", at=due.starts_at)
    # The device's clock is an hour ahead, both for the tap and for the sync one minute later.
    wrong = {**sent, "at": sent["at"] + hour}

    with time_machine.travel(now / 1000, tick=False):
        answer = send(device, cadre, wrong, now=now + hour).json()

    assert answer["outcomes"][sent["key"]] == "applied"
    due.refresh_from_db()
    assert due.arrived_at == due.starts_at


def test_what_another_person_marked_is_not_sent_in_this_ones_name(device, manager, due):
    answer = send(device, manager, mark(due, "arrive"))

    assert (answer.status_code, answer.json()["code"]) == (409, "other_person")
    assert OfflineMark.objects.count() == 0


def test_whose_role_was_taken_back_sends_nothing(device, cadre, due):
    cadre.memberships.update(revoked_at=at(0, 0))

    assert send(device, cadre, mark(due, "arrive")).status_code == 403
    assert OfflineMark.objects.count() == 0


def test_who_is_signed_out_is_sent_to_sign_in(client, cadre, due):
    answer = send(client, cadre, mark(due, "arrive"))

    assert answer["Location"].startswith(reverse("account_login"))
    assert OfflineMark.objects.count() == 0


def test_the_form_token_is_asked_for_and_comes_with_the_list(cadre, due):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cadre)
    body = {"owner": cadre.pk, "now": milliseconds(at(0, 0)), "marks": []}

    def post(token: str) -> int:
        headers = {"X-CSRFToken": token}
        address = reverse("desk_sheet_marks")
        return client.post(address, json.dumps(body), content_type="application/json", headers=headers).status_code

    token = client.get(reverse("desk_sheet_data")).json()["token"]
    assert (post("0" * 64), post(token)) == (403, 200)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        b"\xff\xfe",
        "[" * 100_000,
        '{"marks": {}, "owner": 1, "now": 1}',
        '{"marks": [1], "owner": 1, "now": 1}',
        '{"marks": [], "owner": 1, "now": "heute"}',
        '{"marks": [], "owner": 1, "now": true}',
        '{"marks": [], "owner": 1, "now": NaN}',
        '{"marks": [], "owner": 1, "now": 1e400}',
        '{"marks": [], "owner": 1, "now": ' + "9" * 400 + "}",
    ],
    ids=lambda text: str(text[:40]),
)
def test_what_cannot_be_read_gets_a_sentence(device, text):
    answer = send_text(device, text)

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")
    assert "都还在这台电脑上" in answer.json()["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "x"},
        {"key": None},
        {"key": {"a": 1}},
        {"kind": "praise"},
        {"kind": ["arrive"]},
        {"kind": "note"},
        {"seen": "asleep"},
        {"seen": []},
        {"kind": "undo", "seen": "booked"},
        {"appointment": "1"},
        {"appointment": True},
        {"appointment": -1},
        {"appointment": 2**63},
        {"appointment": None},
        {"at": None},
        {"at": "9:05"},
        {"at": 10**30},
        {"at": -(10**13)},
        {"at": float("nan")},
        {"at": 253402300799000},
    ],
    ids=str,
)
def test_a_mark_that_is_none_is_refused_and_the_next_one_is_set(device, cadre, due, changes):
    right = mark(due, "arrive")

    answer = send(device, cadre, {**mark(due, "arrive"), **changes}, right)

    outcomes = answer.json()["outcomes"]
    assert (answer.status_code, list(outcomes.values())) == (200, ["refused", "applied"])


@pytest.mark.parametrize("name", ["钱" * 500, "钱\u202e来\x00顺", "钱\ud83d", "<b>钱</b>", "😀"])
def test_a_hostile_name_is_kept_as_far_as_it_can_be(device, cadre, center, name):
    sent = note(name=name)

    assert send(device, cadre, sent).json()["outcomes"] == {sent["key"]: "applied"}
    assert 1 <= len(OfflineMark.objects.get().name) <= 30


def test_too_many_at_once_get_a_sentence(device, cadre, due):
    answer = send(device, cadre, *[mark(due, "arrive")] * 201)

    assert (answer.status_code, "200" in answer.json()["message"]) == (400, True)


def test_a_body_that_is_too_big_gets_a_sentence(device, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = send_text(device, " " * 2000)

    assert (answer.status_code, "太多" in answer.json()["message"]) == (413, True)


def test_a_hundred_marks_cost_ten_times_what_ten_cost(device, cadre, center, item, village):
    """The cost of one mark does not depend on how many are listed or sent."""

    def sending(number: int) -> int:
        marks = [
            mark(
                factories.AppointmentFactory(
                    center=center, item=item, resident__division=village, starts_at=at(0, 0), booked_at=at(-1, 9)
                ),
                "arrive",
            )
            for _ in range(number)
        ]
        with CaptureQueriesContext(connection) as counted:
            assert send(device, cadre, *marks).status_code == 200
        return len(counted)

    sending(1)
    one, ten, hundred = sending(1), sending(10), sending(100)
    each = (ten - one) / 9
    assert hundred - one == each * 99
    locks = 2 if connection.features.has_select_for_update else 0  # by the mark, and by the step that it takes
    assert each <= 19 + locks, each  # four of them issue the ticket, one stores that somebody was there
