"""B2 (fuzzing): hostile text in any field, parameter, cookie or header never causes a 500."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from tests.access import matrix
from tests.access.test_matrix import world  # noqa: F401

pytestmark = pytest.mark.slow

HOSTILE = {
    "NUL": "a\x00b",
    "lone surrogate": "王\ud800",
    "control characters": "\x01\x1b[31m\x7f\x85\u2028",
    "line breaks": "王\r\nX-Injected: 1\r\n\r\n<b>",
    "right to left": "\u202egnp.\u202c\u2066",
    "zero width": "\u200b\ufeff\u200d",
    "script": "\"'><script>alert(1)</script>{{7*7}}{%x%}",
    "formula": "=cmd|' /C calc'!A0",
    "format and pattern": "%s%n%(x)s{0}\\%_'; --",
    "10 kB": "长" * 400 + "a" * 9600,  # in percent signs it would be three times as long
    "digits of any script": "１２٣४𝟝" * 5,
    "huge number": "9" * 400,
    "minus": "-1",
    "noncharacters": "\ufffe\U0010ffff𠮷👵🏽",
    "day that never was": "2026-02-30",
    "year 0": "0000-00-00T99:99",
}
PARAMETERS = [
    *("q", "page", "day", "center", "under", "what", "from", "to", "show", "person", "slot", "more", "paper", "wall"),
    *("item", "owner"),
    *("next", "via", "o", "p", "e", "all", "township", "status", "role", "level", "category", "id__in", "id__exact"),
    *("_popup", "_to_field", "_changelist_filters", "starts_at__year", "starts_at__gte", "due_at__day", "term"),
    *("model_name", "app_label", "field_name"),
]


# One field at a time, so that the errors of other fields do not hide this one.
ALONE = ("NUL", "lone surrogate", "huge number", "digits of any script")


# What a database itself may refuse, by its bytes, its length or its range, one of each kind. The others are a text like
# any to it, or never get there: tried on SQLite only.
UP_TO_THE_DATABASE = ("NUL", "huge number", "10 kB", "minus")


def some(line: str) -> dict[str, str]:
    """The admin is Django's own: a few texts per page are enough."""
    return {name: HOSTILE[name] for name in tried(HOSTILE if "admin" not in line else ALONE)}


def tried(names: Iterable[str]) -> list[str]:
    return [name for name in names if connection.vendor == "sqlite" or name in UP_TO_THE_DATABASE]


class Forms(HTMLParser):
    """Parses a page's forms: method, URL and field values of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((said.get("method", "get").lower(), said.get("action", ""), {}))
        else:
            self.keep(said)

    def keep(self, said: dict[str, str]) -> None:
        counted = said.get("name", "").endswith("_FORMS")  # Django draws as many forms as it is told, up to a limit
        if self.found and said.get("name") and said.get("type") != "file" and not counted:
            self.found[-1][2].setdefault(said["name"], said.get("value", ""))


def asked_as(line: str) -> str:
    """The role with the most access in a line of the matrix."""
    answers = {role: letter for address, method, role, letter in matrix.lines() if (address, method) == (line, "get")}
    return next(
        (role for role in ("cadre", "township", "admin", "county", "anonymous") if answers.get(role) == "2"), "admin"
    )


LINES = list(dict.fromkeys(line for line, *_rest in matrix.lines() if "?" not in line))
# The admin's lists and forms meet PostgreSQL in test_admin_lists and test_admin_left_empty.
EACH_LINE = pytest.mark.parametrize(
    "line", [pytest.param(line, marks=pytest.mark.once) if line.startswith("admin:") else line for line in LINES]
)


def encoded(pairs: dict[str, str]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def ask(client, method: str, address: str, pairs: dict[str, str]) -> HttpResponse:
    """The response; its changes are rolled back."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        if method == "post":
            answer = client.post(address, encoded(pairs), content_type="application/x-www-form-urlencoded")
        else:
            answer = client.get(f"{address.partition('?')[0]}?{encoded(pairs)}")
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def looked_at_what_was_sent(answer: HttpResponse) -> bool:
    """Django parses the query string and the body when somebody first asks for something in them."""
    return not {"GET", "_post", "_body"}.isdisjoint(answer.wsgi_request.__dict__)


@pytest.mark.django_db
@EACH_LINE
def test_b2_no_parameter_breaks_an_address(world, line):  # noqa: F811
    client, path, broken = world.client(asked_as(line)), world.path(line), {}
    for name, text in some(line).items():
        answer = ask(client, "get", path, dict.fromkeys(PARAMETERS, text))
        if answer.status_code >= 500:
            broken[name] = answer.status_code
        if not looked_at_what_was_sent(answer):  # it cannot tell the other texts from this one
            break

    assert broken == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "method", "looks"),
    [
        ("centers", "get", True),
        ("desk", "get", True),
        ("bookings", "post", True),
        ("desk_sheet_marks", "post", True),
        ("healthz", "get", False),
        ("desk_sheet_marks", "get", False),
        ("styleguide", "post", False),
    ],
)
def test_control_which_pages_look_at_what_was_sent_is_told(world, line, method, looks):  # noqa: F811
    answer = ask(world.client("cadre"), method, world.path(line), {"q": "王"})

    assert looked_at_what_was_sent(answer) is looks


@pytest.fixture(scope="session")
def is_new() -> Callable[[object], bool]:
    """Whether nobody has tested this form yet, in any worker: a form on many pages is tested once."""
    folder = Path(os.environ["TEST_FOLDER"]) / "forms"
    folder.mkdir(exist_ok=True)

    def claim(form: object) -> bool:
        try:
            (folder / hashlib.sha256(repr(form).encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    return claim


@pytest.mark.django_db
@EACH_LINE
def test_b2_no_field_breaks_a_form(world, is_new, line):  # noqa: F811
    role, path = asked_as(line), world.path(line)
    client = world.client(role)
    page = client.get(path).content.decode(errors="replace")

    broken, is_admin = [], line.startswith("admin:")
    for method, action, fields in Forms(page).found:
        address = action if action.startswith("/") else path
        if "logout" in address or (address == "/look/" and line != "home"):  # at the foot of every page
            continue
        same = sorted((name, held) for name, held in fields.items() if name not in ("csrfmiddlewaretoken", "key"))
        if not is_new((role, is_admin, method, address, same)):
            continue
        for changed, name, pairs in variants(fields, some(line), is_admin):
            answer = ask(client, method, address, pairs)
            if answer.status_code >= 500:
                broken.append(f"{method} {address} {changed}={name}: {answer.status_code}")
            if not looked_at_what_was_sent(answer):
                break
    assert broken == []


def variants(fields: dict[str, str], texts: dict[str, str], is_admin: bool) -> Iterator[tuple[str, str, dict]]:
    """(changed field, name of the text, what to send)."""
    for name, text in texts.items():
        yield "all", name, dict.fromkeys(fields, text)
    for name in tried(ALONE) if not is_admin else ():
        for changed in fields:
            yield changed, name, fields | {changed: texts[name]}


COOKIES = ["sessionid", "csrftoken", "messages", "centers", "look", "language", "text"]
HEADERS = [
    "X-Forwarded-For",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Correlation-ID",
    "X-Request-ID",
    "HX-Request",
    "HX-Current-URL",
    "HX-Target",
    "Authorization",
    "Accept-Language",
    "Accept-Encoding",
    "If-Modified-Since",
    "If-None-Match",
    "Range",
    "Referer",
    "User-Agent",
]
IN_HEADERS = [
    "a\\000b" * 3,
    "\\ud800",
    "=?utf-8?",
    "9" * 400,
    "a" * 4000,
    "é" * 20,
    ",,,",
    "[::",
    "http://[",
    "-1",
    "%00",
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line",
    # A database sees the session's key, and on the desk who signed in; the rest is the middleware's on any page.
    [
        "desk",
        *(pytest.param(line, marks=pytest.mark.once) for line in ("home", "book_who", "admin:index", "api:center")),
    ],
)
def test_b2_no_cookie_or_header_breaks_a_page(world, line):  # noqa: F811
    path, broken = world.path(line), []
    for text in IN_HEADERS:
        for name in COOKIES:
            client = world.client("anonymous")
            with transaction.atomic():
                if client.get(path, headers={"Cookie": f'{name}="{text}"'}).status_code >= 500:
                    broken.append((name, text))
                transaction.set_rollback(True)
        for name in HEADERS:
            with transaction.atomic():
                if world.client("cadre").get(path, headers={name: text}).status_code >= 500:
                    broken.append((name, text))
                transaction.set_rollback(True)
    assert broken == []


@pytest.mark.django_db
def test_a17_no_header_forges_the_audit_log_or_breaks_a_booking(world):  # noqa: F811
    from auditlog.models import LogEntry

    client, path = world.client("villager"), world.path("book_who")
    key = re.search(r'name="key" value="(\w+)"', client.get(path).content.decode())[1]
    forged = {"X-Forwarded-For": "no address", "X-Forwarded-Port": "9" * 30, "X-Correlation-ID": "x" * 999}

    with transaction.atomic():
        answer = client.post(path, {"key": key}, headers=forged)
        written = LogEntry.objects.filter(content_type__model="appointment").latest("pk")
        transaction.set_rollback(True)

    assert answer.status_code == 302
    assert (written.remote_addr, written.remote_port, written.cid) == ("127.0.0.1", None, None)
