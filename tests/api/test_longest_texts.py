"""What the schema tells of a text's length is what is refused: the longest is taken, one character more is not."""

import json
import re

import pytest
from django.urls import reverse

from appointments.booking.models import Appointment
from appointments.booking.schemas import Booked
from portal.ui import words

pytestmark = pytest.mark.django_db

# Texts that are as long as one likes; the others are codes of a fixed form.
FILLED = {"name": "王", "note": "长", "q": "柳"}
OF_A_FORM = {"item", "code", "under", "from", "Idempotency-Key"}  # a pattern says how long


@pytest.fixture
def description(api) -> dict:
    return api.get("openapi.json").json()


@pytest.fixture
def told(description) -> dict[str, set[int | None]]:
    """The `maxLength` of each string that a client sends, by its name."""
    found: dict[str, set[int | None]] = {}

    def keep(name: str, schema: dict) -> None:
        for one in schema.get("anyOf", [schema]):
            if one.get("type") == "string" and "enum" not in one:
                found.setdefault(name, set()).add(one.get("maxLength"))

    schemas = description["components"]["schemas"]
    for calls in description["paths"].values():
        for call in calls.values():
            for parameter in call.get("parameters", ()):
                keep(parameter["name"], parameter["schema"])
            for reference in re.findall(r"schemas/(\w+)", json.dumps(call.get("requestBody", {}))):
                for name, schema in schemas[reference]["properties"].items():
                    keep(name, schema)
    return found


def test_every_text_tells_its_length(told):
    assert told.keys() == FILLED.keys() | OF_A_FORM | {"phone"}
    assert {name: len(told[name]) for name in (*FILLED, "phone")} == dict.fromkeys((*FILLED, "phone"), 1)
    assert [name for name in (*FILLED, "phone") if None in told[name]] == []


@pytest.mark.parametrize("name", ["name", "note"])
def test_the_longest_is_booked_and_one_more_is_refused(api, slot, item, told, name):
    (longest,) = told[name]
    refused = api.book(slot, **{name: FILLED[name] * (longest + 1)})

    assert (refused.status_code, list(refused.json()["fields"])) == (422, [name])
    assert f"最多{longest}个字" in refused.json()["fields"][name]
    assert api.book(slot, **{name: FILLED[name] * longest}).status_code == 201


def typed(length: int) -> str:
    return f"138{' ' * (length - 11)}00005678"


def test_the_longest_number_is_booked_and_one_more_is_refused(api, slot, item, told):
    (longest,) = told["phone"]
    number, more = typed(longest), typed(longest + 1)
    assert (len(number), len(more)) == (longest, longest + 1)

    refused = api.book(slot, phone=more)

    assert f"最多{longest}个字" in refused.json()["fields"]["phone"]
    assert api.book(slot, phone=number).status_code == 201
    code = Appointment.objects.get().code
    asked = [api.get(f"appointments/{code}", phone=one).status_code for one in (number, more)]
    assert asked == [200, 422]
    for step, body in (("cancel", {}), ("move", {"slot": slot.pk})):
        answer = api.post(f"appointments/{code}/{step}", body | {"phone": more})
        assert f"最多{longest}个字" in answer.json()["fields"]["phone"]
    assert api.post(f"appointments/{code}/cancel", {"phone": number}).status_code == 200


def test_the_longest_search_is_answered_and_one_more_is_refused(api, told):
    (longest,) = told["q"]

    assert [api.get("centers", q="柳" * length).status_code for length in (longest, longest + 1)] == [200, 422]


@pytest.mark.parametrize(("length", "status"), [(20, 404), (21, 422)])
def test_an_items_code_is_as_long_as_its_pattern_says(api, slot, length, status):
    assert api.book(slot, item="a" * length).status_code == status


def test_a_name_in_an_answer_is_what_the_schema_says(api, slot, item):
    said = Booked.model_json_schema()["properties"]["name"]["description"]
    masked = api.book(slot).json()["name"]

    assert masked == "王*兰" and f"王桂兰是{masked}" in said and f"王芳是{words.masked_name('王芳')}" in said


def test_the_page_takes_as_long_a_note(client, told, slot, item):
    page = client.get(reverse("book_who", args=[slot.center.code, item.code, slot.pk])).content.decode()

    assert told["note"] == {Appointment._meta.get_field("note").max_length}
    assert re.search(rf'name="note"[^>]*maxlength="{max(told["note"])}"', page)
