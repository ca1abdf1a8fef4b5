"""Whatever one person asks for and another agrees to: the same function checks it both times, and a test shows it."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
APPS = ("portal", "centers", "appointments", "assessments")

# Module, who asks, who agrees, what checks both times; and the tests that show the refusals of both sides.
PAIRS = {
    "centers.ShiftSwap.agreed_at": ("centers/duty/swaps.py", "ask", "agree", "_check"),
    "centers.Leave.agreed_at": ("centers/duty/leaves.py", "ask", "agree", "_check"),
    "centers.ClosureNotice.approved_at": ("centers/services/closures.py", "request", "approve", "_check"),
    "appointments.WaitingEntry.offered_at": (
        "appointments/waiting/services.py",
        "_check_joining",
        "accept",
        "check_offered",
    ),
    "centers.Succession.decided_at": (
        "centers/services/succession.py",
        "check_rehoming",
        "succeed",
        "check_succeeding",
    ),
    "centers.SheetUpload.confirmed_at": ("centers/sheets/work.py", "_check", "_write", "_checked"),
}
TESTS = {
    "centers.ShiftSwap.agreed_at": "tests/centers/duty/test_agreed_again.py",
    "centers.Leave.agreed_at": "tests/centers/duty/test_agreed_again.py",
    "centers.ClosureNotice.approved_at": "tests/appointments/settling/test_approved_again.py",
    "appointments.WaitingEntry.offered_at": "tests/appointments/waiting/test_accepted_again.py",
    "centers.Succession.decided_at": "tests/centers/succession/test_in_admin.py",
    "centers.SheetUpload.confirmed_at": "tests/centers/sheets/test_checked_again.py",
}
# Moments that look alike, and why nothing was asked before them that could be out of date.
DECIDED_AT_ONCE = {
    "appointments.Appointment.confirmed_at": "confirm() asks everything of the locked row",
    "appointments.Case.accepted_at": "one person, on the locked row, by its papers as they are",
    "appointments.Case.handed_over_at": "one person, on the locked row",
    "appointments.OfflineMark.settled_at": "one person has read a note",
    "centers.Roster.published_at": "by the manager who made it; each change has a revision",
    "centers.PresenceReport.checked_at": "of an event that is over",
    "centers.Membership.granted_at": "by one person, who is asked for the right at that moment",
    "centers.FamilyLink.agreed_at": "said to the center together with the request",
    "centers.SheetUpload.checked_at": "by the portal itself, which shows a preview then",
    "centers.SheetPart.checked_at": "by the portal itself, which shows a preview then",
    "accounts.User.phone_verified_at": "the code itself is the question",
}
MOMENT = re.compile(
    r"(\w+_)?(agreed|approved|accepted|acknowledged|confirmed|checked|verified|offered|answered|decided|handed_over"
    r"|settled|granted|published)_at"
)


def moments() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in APPS
        for field in model._meta.fields
        if isinstance(field, models.DateTimeField) and MOMENT.fullmatch(field.name)
    }


def functions_of(module: str) -> dict[str, set[str]]:
    """The names that each function of a module calls."""
    tree = ast.parse((ROOT / module).read_text())
    return {
        node.name: {
            getattr(call.func, "attr", getattr(call.func, "id", ""))
            for call in ast.walk(node)
            if isinstance(call, ast.Call)
        }
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def test_every_moment_at_which_somebody_agrees_is_listed():
    assert moments() == PAIRS.keys() | DECIDED_AT_ONCE.keys()


@pytest.mark.parametrize("pair", PAIRS)
def test_the_same_function_checks_it_when_asked_and_when_agreed(pair):
    module, ask, agree, check = PAIRS[pair]
    calls = functions_of(module)

    assert check in calls[ask] and check in calls[agree]


@pytest.mark.parametrize("pair", ["centers.ShiftSwap.agreed_at", "centers.Leave.agreed_at"])
def test_it_is_checked_under_a_lock(pair):
    module, _ask, agree, check = PAIRS[pair]
    source = ast.get_source_segment((ROOT / module).read_text(), function(module, agree))

    assert 0 < source.index("locking.lock") < source.index(f"{check}(")


@pytest.mark.parametrize("pair", PAIRS)
def test_a_test_shows_both_sides(pair):
    shown = (ROOT / TESTS[pair]).read_text()

    assert ("def test_" in shown and "signed_in" in shown) or "client" in shown


def function(module: str, name: str) -> ast.FunctionDef:
    tree = ast.parse((ROOT / module).read_text())
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
