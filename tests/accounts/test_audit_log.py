"""The audit log names the request's user as actor, and nobody outside of a request."""

import pytest
from auditlog.models import LogEntry
from django.test import RequestFactory

from portal.accounts.audit_context import Middleware
from portal.accounts.audit_log import log_creation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    return factories.ResidentFactory()


def asked_by(user, make) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    request.user = user
    Middleware(lambda request: make())(request)


def noted(row) -> tuple:
    entry = LogEntry.objects.get_for_object(row).latest("pk")
    return entry.actor, entry.actor_email, entry.remote_addr


def test_a_row_made_in_a_request_names_who_asked_as_a_saved_one_does(resident, cadre):
    asked_by(cadre, lambda: log_creation(resident))
    theirs = noted(resident)
    asked_by(cadre, lambda: factories.ResidentFactory(name="赵铁柱"))

    assert theirs == noted(type(resident).objects.get(name="赵铁柱")) == (cadre, cadre.email, "192.0.2.7")


def test_what_is_made_after_a_request_is_nobodys(resident, cadre):
    asked_by(cadre, lambda: None)
    log_creation(resident)

    assert noted(resident) == (None, None, None)
