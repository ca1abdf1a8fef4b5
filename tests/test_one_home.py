"""A rule has one home: nobody works out by hand what a function of portal.ui already does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("portal", "centers", "appointments", "assessments", "benchmarks")
# What stands for a rule in the source, its home, and what else may hold it.
HOMES = {
    "time.min": ("portal/ui/days.py", {"portal/ui/sheets/reading.py"}),  # a cell of a spreadsheet that is a day
    "datetime.min": ("portal/ui/days.py", set()),
    "make_aware": ("portal/ui/days.py", set()),
    "isdigit": (
        "portal/ui/params.py",
        {
            "portal/accounts/sign_in_log.py",  # counted, not read
            "portal/ui/forms.py",  # shown in groups, with any zero in front
        },
    ),
    "no-store": ("portal/ui/responses.py", set()),
    "noindex": ("portal/ui/responses.py", set()),
    "date.fromisoformat": ("portal/ui/dates.py", {"portal/ui/sheets/apart.py"}),  # written by our own child process
    "parse_date": ("portal/ui/dates.py", set()),
    "forms.DateField": ("portal/ui/forms.py", set()),
}
REFUSED = {403, 409, 422, 429}


def sources() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(settings.BASE_DIR).as_posix(), path.read_text()


@pytest.mark.parametrize("words", HOMES)
def test_a_rule_stands_in_its_home_only(words):
    home, others = HOMES[words]

    found = {path for path, source in sources() if words in source}
    assert found - others <= {home}


def test_every_exception_is_still_one():
    held = {path for words, (_home, others) in HOMES.items() for path in others if words in _source(path)}
    assert held == set.union(*(others for _home, others in HOMES.values()))


def test_no_view_chooses_the_status_of_a_refusal():
    chosen = {
        f"{path}:{node.value.lineno}"
        for path, source in sources()
        if not path.startswith("benchmarks/")  # what it measures against is bare on purpose
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg == "status" and _numbers(node.value) & REFUSED
    }
    assert chosen == set()


def _numbers(value: ast.expr) -> set[int]:
    return {node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and type(node.value) is int}


def _source(path: str) -> str:
    return (Path(settings.BASE_DIR) / path).read_text()
