"""B3 (property-based): generated requests, valid and invalid, get documented responses and never a 500."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.wsgi import application
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PLAIN = {"Accept-Encoding": "identity"}  # the in-process client does not decompress
CALLS = [
    ("GET", "centers"),
    ("GET", "centers/{code}"),
    ("GET", "centers/{code}/slots"),
    ("POST", "appointments"),
    ("GET", "appointments/{code}"),
    ("POST", "appointments/{code}/cancel"),
    ("POST", "appointments/{code}/move"),
]
# Any text may stand for a center's code: nothing can be asked there that the description does not allow.
CASES = [
    pytest.param(method, path, mode, id=f"{method} {path} {mode.value}")
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    for method, path in CALLS
    if (path, mode) != ("centers/{code}", GenerationMode.NEGATIVE)
]


@pytest.fixture
def description(db, settings):
    settings.RATE_LIMITS = False
    # A request's end would close the connection that the test's transaction is on; Django's own client does the same.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(center, slot, item, resident) -> dict:
    """Existing objects: a free slot, a full slot and a booking."""
    factories.open_on(center, *range(7))
    full = factories.SlotFactory(center=center, starts_at=at(4, 9), online_places=0)
    booked = book(slot, item, resident)
    return {"center": center.code, "slot": full.pk, "item": item.code, "phone": booked.phone, "code": booked.code}


@pytest.mark.parametrize(("method", "path", "mode"), CASES)
def test_b3_every_call_answers_as_declared(description, known, method, path, mode):
    call = description[f"/api/v1/{path}"][method]

    @given(case=call.as_strategy(generation_mode=mode))
    @examples(
        max_examples=12,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=PLAIN)
        meet(case, known, path).call_and_validate(checks=CHECKS, headers=PLAIN)

    ask()


def meet(case: Case, known: dict, path: str) -> Case:
    """Replace random ids by existing ones, since random ones only ever get 404."""
    if case.path_parameters:
        case.path_parameters["code"] = known["center" if path.startswith("centers") else "code"]
    if "item" in (case.query or {}):
        case.query["item"] = known["item"]
    if path.startswith("appointments/"):
        case.query = {**(case.query or {}), "phone": known["phone"]}
    if isinstance(case.body, dict):
        case.body |= {name: known[name] for name in ("slot", "item", "phone") if name in case.body}
    return case
