"""POST /api/v1/appointments."""

import uuid

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment
from centers.models import Resident
from tests import factories
from tests.api.conftest import KEY, ROOT, Api
from tests.appointments.steps import book, taken
from tests.factories.appointments import at
from tests.together import together

pytestmark = pytest.mark.django_db


def test_a_booking_is_made_and_told(api, slot, item):
    answer = api.book(slot, party_size=2, note="要轮椅")

    assert answer.status_code == 201
    made = Appointment.objects.get()
    assert answer.json() == {
        "code": made.code,
        "status": "booked",
        "starts_at": f"{slot.starts_at:%Y-%m-%d}T09:00:00+08:00",
        "ends_at": f"{slot.starts_at:%Y-%m-%d}T09:30:00+08:00",
        "center": {"code": "990101100201", "name": "柳湾村党群服务中心"},
        "item": {"code": "yanglao-renzheng", "name": "养老金认证"},
        "name": "王*兰",
        "party_size": 2,
        "slip": f"http://localhost:8000/bookings/{made.link}/",
    }
    assert (made.channel, made.note, made.booked_by) == ("online", "要轮椅", None)
    assert taken(slot) == (2, 0)


def test_what_people_type_is_understood_as_on_the_pages(api, slot, item):
    assert api.book(slot, name=" 王桂兰 ", phone="+86 138-0000-５６７８").status_code == 201
    assert Appointment.objects.get().phone == "13800005678"


def test_no_session_and_no_cookie_is_needed_or_believed(slot, item, cadre):
    api = Api()
    api.client = type(api.client)(enforce_csrf_checks=True)
    api.client.force_login(cadre)

    assert api.book(slot, channel="phone").status_code == 401
    assert api.book(slot).status_code == 201
    assert Appointment.objects.get().booked_by is None


def test_a_booking_and_a_new_person_each_begin_an_audit_log(api, slot, item):
    api.book(slot)

    entries = LogEntry.objects.filter(action=LogEntry.Action.CREATE, remote_addr="127.0.0.1", changes__isnull=True)
    written = {(entry.content_type.model_class(), entry.object_id, entry.object_repr) for entry in entries}
    made, person = Appointment.objects.get(), Resident.objects.get()
    assert {(Appointment, made.pk, str(made)), (Resident, person.pk, "王桂兰")} <= written


def test_a_person_who_is_known_is_not_recorded_as_new(api, slot, item, resident):
    LogEntry.objects.all().delete()
    api.book(slot, name=resident.name, phone=resident.phone)

    assert [entry.content_type.model for entry in LogEntry.objects.all()] == ["appointment"]


# The key


def test_the_same_key_again_answers_with_the_same_booking(api, slot, item):
    first, again = api.book(slot, key=KEY), api.book(slot, key=KEY)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert taken(slot) == (1, 0)


def test_the_same_key_for_somebody_else_is_refused_and_tells_nothing(api, slot, item):
    api.book(slot, key=KEY)

    answer = api.book(slot, key=KEY, name="李四")

    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")
    assert set(answer.json()) == {"code", "message"}


def test_keys_of_a_token_and_of_the_public_do_not_meet(api, api_of, cadre, slot, item):
    api.book(slot, key=KEY)

    assert api_of(cadre).book(slot, key=KEY, name="李四", channel="phone").status_code == 201


def test_a_booking_without_a_key_is_refused(api, slot, item):
    answer = api.post("appointments", {"slot": slot.pk, "item": item.code, "name": "王桂兰", "phone": "13800005678"})

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["Idempotency-Key"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_times_the_same_form_at_once_books_once(slot, item):
    answers = together(lambda _number: Api().book(slot, key=KEY), range(16))

    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert taken(slot) == (1, 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_forms_at_once_book_sixteen_times(center, item):
    """The control: what makes the sixteen above one is their key."""
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=16)

    answers = together(lambda number: Api().book(slot, phone=f"138000056{number:02d}"), range(16))

    assert [answer.status_code for answer in answers] == [201] * 16
    assert taken(slot) == (16, 0)


# Refusals


def test_a_full_time_names_what_is_free_nearby(api, slot, item, resident, center):
    later = factories.SlotFactory(center=center, starts_at=at(3, 10))
    neighbour = factories.CenterFactory(division__code="990101100202", name="石桥村党群服务中心")
    there = factories.SlotFactory(center=neighbour, starts_at=slot.starts_at)
    book(slot, item, resident, party_size=2)

    answer = api.book(slot, name="李四", phone="13900001234")

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_full")
    day = f"{slot.starts_at:%Y-%m-%d}"
    assert answer.json()["alternatives"] == [
        {
            "center": "990101100201",
            "center_name": "柳湾村党群服务中心",
            "slot": later.pk,
            "starts_at": f"{day}T10:00:00+08:00",
            "free": 2,
        },
        {
            "center": "990101100202",
            "center_name": "石桥村党群服务中心",
            "slot": there.pk,
            "starts_at": f"{day}T09:00:00+08:00",
            "free": 2,
        },
    ]


def test_nobody_is_listed_for_a_booking_that_was_refused(api, slot, item, resident):
    book(slot, item, resident, party_size=2)

    api.book(slot, name="李四", phone="13900001234")

    assert list(Resident.objects.all()) == [resident]


def test_the_same_person_twice_in_one_slot_is_refused(api, slot, item):
    api.book(slot)

    answer = api.book(slot)

    assert (answer.status_code, answer.json()["code"]) == (409, "already_booked")


def test_a_fourth_booking_of_one_person_on_one_day_is_too_many(api, center, item):
    slots = [factories.SlotFactory(center=center, starts_at=at(3, hour)) for hour in (9, 10, 11, 14)]

    answers = [api.book(slot) for slot in slots]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[-1].json()["code"] == "person_limit"


def test_a19_one_number_books_ten_times_an_hour(api, center, item):
    """A19, and the count is that of the pages."""
    slots = [factories.SlotFactory(center=center, starts_at=at(day, 9)) for day in range(1, 12)]

    answers = [api.book(slot) for slot in slots]

    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[-1].json()["code"] == "too_many"


def test_the_same_request_again_is_not_counted(api, slot, item):
    answers = [api.book(slot, key=KEY).status_code for _time in range(12)]

    assert answers == [201] + [200] * 11


def test_a_time_that_has_passed_is_refused(api, center, item):
    gone = factories.SlotFactory(center=center, starts_at=at(-1, 9))

    assert api.book(gone).json()["code"] == "slot_too_soon"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slot": "abc"}, "slot"),
        ({"slot": None}, "slot"),
        ({"slot": 1.5}, "slot"),
        ({"item": "a\0"}, "item"),
        ({"name": "王3"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "王" * 61}, "name"),
        ({"name": 5}, "name"),
        ({"phone": "123"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"party_size": 0}, "party_size"),
        ({"party_size": 7}, "party_size"),
        ({"channel": "fax"}, "channel"),
        ({"note": "长" * 201}, "note"),
    ],
)
def test_what_cannot_be_is_named_in_chinese(api, slot, item, wrong, field):
    body = {"slot": slot.pk, "item": item.code, "name": "王桂兰", "phone": "13800005678", **wrong}

    answer = api.post("appointments", body, **{"Idempotency-Key": KEY})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert list(answer.json()["fields"]) == [field]
    assert not answer.json()["fields"][field].isascii()


@pytest.mark.parametrize("pk", [-1, 0, 2**63, 2**80])
def test_b4_a_slot_that_cannot_be_is_not_found(api, item, pk):
    assert api.book(pk).status_code == 404


def test_an_item_that_the_center_does_not_do_is_not_found(api, slot, item, other_center):
    factories.ServiceItemFactory(division=other_center.division, code="elsewhere")

    assert api.book(slot, item="elsewhere").status_code == 404


def test_a4_more_than_was_asked_for_changes_nothing(api, slot, item):
    """A4."""
    api.book(slot, served_at="2026-01-01T00:00:00Z", code="111111", booked_by=1, resident_id=7, link="x")

    made = Appointment.objects.get()
    assert (made.served_at, made.booked_by, made.link == "x", made.code == "111111") == (None, None, False, False)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"[]", b"null", b'"x"', b"1" * 5000])
def test_a_body_that_is_not_what_it_should_be(api, body):
    answer = api.client.post(
        ROOT + "appointments", body, content_type="application/json", headers={"Idempotency-Key": KEY}
    )

    assert answer.status_code in ((400, 422) if body else (415,))  # without a body there is no type to be told either
    assert answer.json()["code"] in ("bad_request", "invalid", "json_needed")


def test_a_lone_surrogate_is_refused(api, slot, item):
    body = f'{{"slot": {slot.pk}, "item": "{item.code}", "name": "王桂兰", "phone": "13800005678", "note": "\\ud800"}}'

    answer = api.client.post(
        ROOT + "appointments", body, content_type="application/json", headers={"Idempotency-Key": KEY}
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["note"])


def test_a_body_of_many_megabytes_is_refused(api):
    answer = api.client.post(ROOT + "appointments", b"[" + b" " * 3_000_000 + b"]", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


# Cost


def test_a_booking_costs_the_same_among_many(api, center, item, settings):
    settings.RATE_LIMITS = False
    slots = [factories.SlotFactory(center=center, starts_at=at(2, hour), online_places=30) for hour in (9, 10)]

    def cost(slot) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert api.book(slot, phone=f"138{uuid.uuid4().int % 10**8:08d}").status_code == 201
        return len(queries)

    alone = cost(slots[0])
    for _person in range(20):
        cost(slots[0])

    assert cost(slots[0]) == cost(slots[1]) == alone
