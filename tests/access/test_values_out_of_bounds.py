"""Dates, moments, numbers and keys from outside, beyond what anything is about: no query or form parameter answers 500.

A view says itself which parameters it reads: what it asks the query string and the body for is recorded. A form is
filled in as its page shows it, so that what is out of bounds gets past the other fields.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib import admin
from django.http import QueryDict
from django.utils import timezone

from tests.access import matrix
from tests.access.test_hostile_text import LINES, Forms, ask
from tests.access.test_matrix import world  # noqa: F401

pytestmark = pytest.mark.slow

VALUES = ["9999-12-31", "0226-01-01", str(2**63), "1e20", "0001-01-02", "\ud800"]
DAYS = {"first_date", "last_date", "expected_on", "from", "to", "month", "year"}
READERS = ("get", "__getitem__", "getlist", "__contains__")
LISTS = [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model, pages in admin.site._registry.items()
    if pages.date_hierarchy or pages.list_filter
]


def asked_as(line: str) -> str:
    """The first who gets the page."""
    answers = {role: letter for address, method, role, letter in matrix.lines() if (address, method) == (line, "get")}
    roles = ("manager", "cadre", "township", "county", "villager", "admin", "anonymous")
    return next((role for role in roles if answers.get(role) == "2"), "manager")


def good() -> dict[str, str]:
    """What a form needs so that its other fields are looked at."""
    soon = timezone.localdate() + timedelta(days=4)
    days = dict.fromkeys(("first_date", "last_date", "expected_on", "day"), soon.isoformat())
    people = {"name": "王桂兰", "phone": "13800005678", "contact_name": "王建军", "relation": "child"}
    return days | people | {"reason": "事由", "note": "说明", "office": "县民政局", "what": "booked"}


class Filled(Forms):
    """Forms with what their page shows, and the first choice of each select."""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        super().handle_starttag(tag, attrs)
        said = {name: value or "" for name, value in attrs}
        if tag == "select":
            self.select = said.get("name", "")
        elif tag == "option" and self.found and said.get("value") and not self.found[-1][2].get(self.select):
            self.found[-1][2][self.select] = said["value"]


class Recorder:
    """Names that are asked for in a query string or a form's body."""

    def __init__(self, monkeypatch):
        self.names: set[str] = set()
        for reader in READERS:
            monkeypatch.setattr(QueryDict, reader, self.recorded(getattr(QueryDict, reader)))

    def recorded(self, read):
        def reading(data, name, *more, **options):
            if isinstance(name, str):
                self.names.add(name)
            return read(data, name, *more, **options)

        return reading

    def take(self) -> set[str]:
        taken, self.names = self.names - {"csrfmiddlewaretoken", "next"}, set()
        return taken


@pytest.fixture(scope="module")
def met() -> Counter:
    """How often a parameter was tried."""
    return Counter()


def values_of(name: str, met: Counter) -> list[str]:
    """All where a parameter is met first; then each page that has it tries the next one, a day also the far ones."""
    met[name] += 1
    if met[name] == 1:
        return VALUES
    return [*VALUES[:2], VALUES[2 + met[name] % 4]] if name in DAYS else [VALUES[met[name] % len(VALUES)]]


@pytest.mark.django_db
@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("admin:")])
def test_b2_nothing_out_of_bounds_breaks_an_address(world, met, monkeypatch, line):  # noqa: F811
    client, path, recorder, broken = world.client(asked_as(line)), world.path(line), Recorder(monkeypatch), []
    page = client.get(path).content.decode(errors="replace")
    tried = [("get", path, name, {"what": "booked"}) for name in recorder.take()]
    ask(client, "post", path, {})
    tried += [("post", path, name, {}) for name in recorder.take()]
    for method, action, fields in Filled(page).found:
        if action in ("", path):
            given = fields | {name: text for name, text in good().items() if name in fields}
            tried += [(method, path, name, given) for name in fields if name != "csrfmiddlewaretoken"]
    for method, address, name, given in tried:
        for value in values_of(name, met):
            status = ask(client, method, address, given | {name: value}).status_code
            if status >= 500:
                broken.append((status, method, name, value))

    assert broken == []


@pytest.mark.django_db
@pytest.mark.parametrize("line", LISTS)
def test_b2_nothing_out_of_bounds_breaks_a_list_of_the_admin(world, line):  # noqa: F811
    client, path = world.client("admin"), world.path(line)
    pages = next(
        pages for model, pages in admin.site._registry.items() if line.endswith(f"_{model._meta.model_name}_changelist")
    )
    named = [one[0] if isinstance(one, tuple) else getattr(one, "parameter_name", one) for one in pages.list_filter]
    day, huge = pages.date_hierarchy or "day", str(2**63)
    asked = [("post", {"_selected_action": huge, "action": "delete_selected"})]
    asked += [("get", {f"{day}__year": year, f"{day}__month": "12"}) for year in ("9999", "1")]
    asked += [("get", dict.fromkeys(named, huge)), ("get", {f"{name}__in": huge for name in named})]
    answers = [(method, pairs, ask(client, method, path, pairs).status_code) for method, pairs in asked]

    assert [answer for answer in answers if answer[2] >= 500] == []


def test_control_a_parameter_that_a_view_reads_is_recorded(monkeypatch):
    recorder = Recorder(monkeypatch)

    QueryDict("").get("second")

    assert recorder.take() == {"second"}
