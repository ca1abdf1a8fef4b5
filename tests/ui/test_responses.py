"""What an answer says to programs."""

import pytest
from django.http import HttpResponse

from portal.ui.errors import RuleBroken, TooMany
from portal.ui.responses import private, status_of


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (None, None),
        (TooMany(), 429),
        (RuleBroken(code="person_limit"), 429),
        (RuleBroken(code="not_found"), 404),
        (RuleBroken(code="already_booked"), 409),
        (RuleBroken(code="too_large", field="party_size"), 422),
        (RuleBroken(code="slot_full", field="party_size"), 409),
    ],
)
def test_the_status_follows_from_the_code_and_else_from_the_field(refusal, status):
    assert status_of(refusal) == status


@pytest.mark.parametrize(("header", "value"), [("Cache-Control", "private, no-store"), ("X-Robots-Tag", "noindex")])
def test_a_private_page_is_kept_by_nobody(rf, header, value):
    assert private(lambda request: HttpResponse())(rf.get("/"))[header] == value
