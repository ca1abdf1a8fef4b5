"""P3: logs contain no full phone numbers, codes, links, tokens or passwords, whichever library logs."""

import io
import json
import logging

import pytest
from django.conf import settings

from portal import logs
from tests.appointments.steps import book

HOSTILE = {
    "a number": ("called 13800005678 twice", "13800005678"),
    "a number abroad": ("tel:+8613800005678", "13800005678"),
    "a number in a query": ("GET /desk/?phone=%2B8613800005678&q=1", "13800005678"),
    "a number with spaces": ("138 0000 5678", "138 0000 5678"),
    "a number with hyphens": ("138-0000-5678", "138-0000-5678"),
    "a full-width number": ("手机１３８００００５６７８。", "１３８００００５６７８"),
    "a number glued to words": ("王桂兰13800005678号", "13800005678"),
    "a landline": ("voice to 0999-5550101", "5550101"),
    "an identity card": ("note: 110101195001011234 and 11010119500101123X", "1101011950"),
    "a code in English": ("Your code is: 482913.", "482913"),
    "a code in JSON": ('{"code": "482913"}', "482913"),
    "a code in Chinese": ("验证码：482913，五分钟内有效", "482913"),
    "a code before its word": ("482913是您的验证码", "482913"),
    "a code with a gap": ("login code 482 913", "482 913"),
    "a booking's code": ("预约码482913。", "482913"),
    "a slip": ("Not Found: /bookings/b5Zs0_bG-1kqL9XnPq3u7w/print/", "b5Zs0_bG"),
    "a case": ("Not Found: /cases/b5Zs0_bG-1kqL9XnPq3u7w/again/", "b5Zs0_bG"),
    "a place in line": ("Not Found: /waiting/b5Zs0_bG-1kqL9XnPq3u7w/", "b5Zs0_bG"),
    "a number's page": ("Not Found: /tickets/b5Zs0_bG-1kqL9XnPq3u7w/", "b5Zs0_bG"),
    "an answer by link": ("https://portal.example/c/9pQxLm2K1a3f", "9pQxLm2K"),
    "an offer by link": ("Not Found: /w/9pQxLm2Ka3f", "9pQxLm2K"),
    "a calendar of one's own": ("GET /duty/b5Zs0_bG-1kqL9XnPq3u7w.ics 200", "b5Zs0_bG"),
    "a slip's whole address": ("https://portal.example/bookings/b5Zs0_bG-1kqL9XnPq3u7w/", "b5Zs0_bG"),
    "a rating": ("https://portal.example/rate/MTI:1t2Abc:xyz_-zzz", "1t2Abc"),
    "a booking over the API": ("GET /api/v1/appointments/482913?phone=1", "482913"),
    "a token": ("Authorization: Bearer jmk_abcdefSECRET", "SECRET"),
    "a token by itself": ("refused jmk_abcdefSECRET", "SECRET"),
    "a password": ("login={'login': 'wang', 'password': 'hunter2!'}", "hunter2!"),
    "a database's password": ("postgresql://portal:hunter2!@db:5432/portal", "hunter2!"),
    "cookies": ("Cookie: sessionid=abc123def; csrftoken=zzz987", "abc123def"),
    "a second cookie": ("Cookie: sessionid=abc123def; csrftoken=zzz987", "zzz987"),
}
HARMLESS = [
    "GET /centers/990101100201/book/yanglao-renzheng/",
    "2026-11-22 07:11:05,123 INFO portal.requests 200 12.5 ms",
    "appointment:1234567 sent in 0.02 s",
    "refused code=slot_full status=409",
    "Broken: a slot's counters. appointments.Slot 100001, 100002.",
    "/bookings/ and /rate/ were asked for",
    "GET /desk/duty/ 200 12.5 ms",
]


@pytest.fixture
def written():
    """`written(formatter, log)`: the lines that come out of the handler."""

    def lines(formatter: logging.Formatter, log) -> list[str]:
        stream = io.StringIO()
        # Not from getLogger: a logger that no other code can reconfigure or disable.
        handler, logger = logging.StreamHandler(stream), logging.Logger("tests.operations", logging.DEBUG)
        handler.setFormatter(formatter)
        logger.addHandler(handler)
        log(logger)
        return stream.getvalue().splitlines()

    return lines


@pytest.mark.parametrize(("line", "secret"), HOSTILE.values(), ids=HOSTILE)
def test_p3_nothing_about_anybody_is_written(line, secret):
    assert secret not in logs.mask(line)


@pytest.mark.parametrize("line", HARMLESS)
def test_p3_what_helps_to_find_a_fault_stays(line):
    assert logs.mask(line) == line


def test_p3_the_ends_of_a_number_stay_to_tell_two_apart():
    assert logs.mask("13800005678") == "138****5678"


def test_p3_arguments_are_masked_too(written):
    (line,) = written(logs.Json(), lambda logger: logger.error("sent to %s", "13800005678"))
    assert json.loads(line)["message"] == "sent to 138****5678"


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Plain("{message}", style="{")])
def test_p3_tracebacks_are_masked_too(written, formatter):
    def fail(logger):
        try:
            raise ValueError("no such number: 13800005678")
        except ValueError:
            logger.exception("failed")

    lines = "\n".join(written(formatter, fail))
    assert "ValueError" in lines
    assert "13800005678" not in lines


@pytest.mark.parametrize("formatter", [logs.Plain(), logs.Json()])
@pytest.mark.parametrize(
    "path",
    [
        "appointments/booking/services.py",
        "appointments/cases/services/opening.py",
        "appointments/tickets/hall.py",
        "appointments/waiting/services.py",
        "centers/duty/rota.py",
    ],
)
def test_a_traceback_names_its_files_whole(written, formatter, path):
    whole = str(settings.BASE_DIR / path)
    code = compile("\n" * 6 + "def fail():\n    raise ValueError('/bookings/b5Zs0_bG-1kqL9XnPq3u7w/')", whole, "exec")
    names: dict = {}
    exec(code, names)

    def log(logger) -> None:
        try:
            names["fail"]()
        except ValueError:
            logger.exception("failed")

    (line, *more) = written(formatter, log)
    said = "\n".join([line, *more]).replace('\\"', '"')
    assert f'File "{whole}", line 8, in fail' in said
    assert "b5Zs0_bG" not in said and "/bookings/…" in said


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Plain("{message}", style="{")])
def test_a_group_of_exceptions_names_its_files_whole(written, formatter):
    whole = str(settings.BASE_DIR / "appointments/cases/access.py")
    names: dict = {}
    exec(compile("def fail():\n    raise ValueError('/bookings/b5Zs0_bG-1kqL9XnPq3u7w/')", whole, "exec"), names)

    def log(logger) -> None:
        try:
            names["fail"]()
        except ValueError as error:
            logger.error("failed", exc_info=ExceptionGroup("some", [error, ExceptionGroup("more", [error])]))

    said = "\n".join(written(formatter, log)).replace('\\"', '"')
    assert said.count(f'|   File "{whole}", line 2, in fail') == 2
    assert "b5Zs0_bG" not in said and said.count("/bookings/…") == 2


@pytest.mark.parametrize("said", ["No such file: '{}'", "{}"])
def test_a_template_is_named_whole(said):
    named = said.format(settings.BASE_DIR / "templates/appointments/cases/list.html")

    assert logs.mask(f"{named} /cases/b5Zs0_bG-1kqL9XnPq3u7w/") == f"{named} /cases/…/"


@pytest.mark.parametrize(
    "said",
    [
        '  File "/bookings/b5Zs0_bG-1kqL9XnPq3u7w/x.py", line 1, in b',
        'File "{base}/bookings/b5Zs0_bG-1kqL9XnPq3u7w/x.py", line 1, in b',
        '  File "{base}/bookings/b5Zs0_bG-1kqL9XnPq3u7w/x.html", line 1, in b',
        '  File "{base}/centers/x.py", line 1, in /bookings/b5Zs0_bG-1kqL9XnPq3u7w/',
        '  |   File "/bookings/b5Zs0_bG-1kqL9XnPq3u7w/x.py", line 1, in b',
        "{base}/templates/bookings/b5Zs0_bG-1kqL9XnPq3u7w.html",
        "{base}/templates/bookings/b5Zs0_bG-1kqL9XnPq3u7w/",
        "/templates/bookings/b5Zs0_bG-1kqL9XnPq3u7w/",
    ],
)
def test_control_what_only_looks_like_a_file_of_ours_is_masked(said):
    assert "b5Zs0_bG" not in logs.mask(said.format(base=settings.BASE_DIR))


def test_p3_a_line_break_cannot_forge_a_line(written):
    lines = written(logs.Json(), lambda logger: logger.error('wrong name: x\n{"level": "INFO"}'))
    assert len(lines) == 1
    assert json.loads(lines[0])["level"] == "ERROR"


def test_a_very_long_line_takes_no_time():
    logs.mask("1" * 200_000 + " code " + "x" * 200_000 + "://a:" + "b" * 200_000)


@pytest.mark.django_db
def test_a_request_keeps_the_proxys_id_and_says_it(client):
    assert client.get("/healthz", headers={"X-Request-ID": "0123456789abcdef"})["X-Request-ID"] == "0123456789abcdef"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", "进来的号码一二三四"])
def test_an_id_that_is_none_is_replaced(client, given):
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] != given


@pytest.mark.django_db
def test_each_request_is_one_line_without_the_slips_link(client, slot, item, resident, caplog):
    caplog.set_level(logging.INFO, logger="portal.requests")
    link = book(slot, item, resident).link
    client.get(f"/bookings/{link}/?phone=13800005678")
    (record,) = [record for record in caplog.records if record.name == "portal.requests"]
    line = logs.Json().format(record)
    assert json.loads(line)["path"] == "/bookings/…/"
    assert link not in line
    assert "13800005678" not in line


@pytest.mark.django_db
def test_lines_of_one_request_carry_its_id(client, caplog):
    caplog.set_level(logging.INFO)
    said = []
    caplog.handler.addFilter(lambda record: said.append(logs.request_id.get()) or True)
    client.get("/nowhere/", headers={"X-Request-ID": "0123456789abcdef"})
    assert len(said) == 2  # ours, and Django's that it was not found
    assert set(said) == {"0123456789abcdef"}


@pytest.mark.django_db
def test_probes_are_not_logged(client, caplog):
    caplog.set_level(logging.INFO, logger="portal.requests")
    client.get("/healthz")
    assert [record for record in caplog.records if record.name == "portal.requests"] == []
