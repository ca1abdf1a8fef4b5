"""A rule that is broken where no page expects it answers with its sentence, and what is a bug stays 500."""

import json

import pytest
from django.db import IntegrityError
from django.test import RequestFactory

from portal.ui.api import _fault
from portal.ui.errors import Changed, NotAllowed, RuleBroken, refusal_of
from portal.ui.views import server_error


def answered(error: Exception):
    try:
        raise error
    except Exception:
        return server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Changed(), 409, "刚刚被别人改过了"),
        (NotAllowed(), 403, "不能做这件事"),
        (RuleBroken("先做这个。", code="first"), 409, "先做这个。"),
        (IntegrityError("CHECK constraint failed: a_leave_is_decided_once"), 409, "已经有人决定过了"),
        (IntegrityError("UNIQUE constraint failed: appointments_ticket.appointment_id"), 409, "刚刚被别人改过了"),
        (IntegrityError("FOREIGN KEY constraint failed"), 409, "刚刚被别人改过了"),
    ],
)
def test_it_answers_with_its_sentence_and_what_to_do_next(error, status, sentence):
    response = answered(error)

    assert response.status_code == status
    page = response.content.decode()
    assert sentence in page and "看看最新的情况" in page


@pytest.mark.parametrize("error", [ValueError("a bug"), IntegrityError("NOT NULL constraint failed: a.b"), KeyError()])
def test_a_bug_stays_500(error):
    assert answered(error).status_code == 500


def test_nothing_is_read_into_no_error():
    assert refusal_of(None) is None


def test_the_api_says_it_as_json():
    error = IntegrityError("CHECK constraint failed: a_leave_is_decided_once")

    response = _fault(RequestFactory().get("/api/v1/"), error)

    assert response.status_code == 409
    assert json.loads(response.content)["code"] == "a_leave_is_decided_once"


def test_control_in_the_api_a_bug_stays_one():
    with pytest.raises(KeyError):
        _fault(RequestFactory().get("/api/v1/"), KeyError())
