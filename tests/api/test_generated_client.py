"""A client that a usual generator makes of the description books, looks up, moves and cancels."""

import importlib
import json
import sys
from types import ModuleType

import httpx
import openapi_python_client
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_spec_validator import OpenAPIV31SpecValidator

from appointments.models import Appointment
from portal.api import api as portal_api
from portal.wsgi import application
from tests import factories
from tests.api.conftest import KEY
from tests.factories.appointments import at

NAME = "generated_portal_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> ModuleType:
    """The package that openapi-python-client makes."""
    folder = tmp_path_factory.mktemp("generated")
    described = folder / "openapi.json"
    described.write_text(json.dumps(portal_api.get_openapi_schema()))
    config = Config.from_sources(
        ConfigFile(package_name_override=NAME, post_hooks=[]),
        MetaType.NONE,
        document_source=described,
        file_encoding="utf-8",
        overwrite=True,
        output_path=folder / NAME,
    )
    errors = openapi_python_client.generate(config=config)
    assert [f"{error.header} {error.detail}" for error in errors] == []
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture
def call(generated, db):
    """`call("appointments.book_appointment", …)`: the answer of one call of the client, over the WSGI application."""
    # A request's end would close the connection that the test's transaction is on.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    client = generated.Client(base_url="http://localhost:8000", raise_on_unexpected_status=True)
    client.set_httpx_client(httpx.Client(base_url="http://localhost:8000", transport=httpx.WSGITransport(application)))

    def called(name: str, *arguments, body: tuple[str, dict] | None = None, **options):
        if body:
            options["body"] = getattr(importlib.import_module(f"{NAME}.models"), body[0]).from_dict(body[1])
        return importlib.import_module(f"{NAME}.api.{name}").sync(*arguments, client=client, **options)

    yield called
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_a_generated_client_books_looks_up_moves_and_cancels(call, center, slot, item):
    later = factories.SlotFactory(center=center, starts_at=at(4, 10))
    factories.open_on(center, *range(7))

    found = call("centers.find_centers", q="柳湾")
    assert [one.code for one in found.items] == [center.code]
    assert item.code in [one.code for one in call("centers.get_center", center.code).services]
    free = call("centers.list_free_times", center.code, item=item.code, from_=slot.starts_at.date(), days=7)
    assert {slot.pk, later.pk} <= {one.id for one in free}

    wanted = {"slot": slot.pk, "item": item.code, "name": "王桂兰", "phone": "13800005678"}
    booked = call("appointments.book_appointment", body=("BookingRequest", wanted), idempotency_key=KEY)
    assert Appointment.objects.get().code == booked.code
    assert call("appointments.look_up_appointment", booked.code, phone="13800005678") == booked

    to = {"phone": "13800005678", "slot": later.pk}
    moved = call("appointments.move_appointment", booked.code, body=("MoveRequest", to))
    assert moved.starts_at == later.starts_at
    cancelled = call("appointments.cancel_appointment", booked.code, body=("PhoneBody", {"phone": "13800005678"}))
    assert cancelled.status == "cancelled"
    assert Appointment.objects.get().cancelled_at


@pytest.mark.django_db
def test_it_reads_what_is_refused(call, slot, item):
    wanted = {"slot": slot.pk, "item": item.code, "name": "王桂兰", "phone": "13800005678"}
    call("appointments.book_appointment", body=("BookingRequest", wanted), idempotency_key=KEY)
    other = wanted | {"name": "李四"}

    refused = call("appointments.book_appointment", body=("BookingRequest", other), idempotency_key=KEY)

    assert refused.code == "key_reused"
    assert "用过" in refused.message


def test_the_description_is_valid_openapi_3_1():
    schema = json.loads(json.dumps(portal_api.get_openapi_schema()))

    assert [error.message for error in OpenAPIV31SpecValidator(schema).iter_errors()] == []


def test_control_a_list_of_examples_beside_a_schema_is_not():
    schema = json.loads(json.dumps(portal_api.get_openapi_schema()))
    next(iter(schema["paths"].values()))["get"]["parameters"][0]["examples"] = ["a"]

    assert list(OpenAPIV31SpecValidator(schema).iter_errors())


def test_calls_are_named_after_what_they_do():
    """Clients are named after them."""
    calls = [call for calls in portal_api.get_openapi_schema()["paths"].values() for call in calls.values()]

    assert {call["operationId"] for call in calls} == {
        "findCenters",
        "getCenter",
        "listFreeTimes",
        "bookAppointment",
        "lookUpAppointment",
        "moveAppointment",
        "cancelAppointment",
    }
