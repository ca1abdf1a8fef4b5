"""A charset in a request's header changes no answer, and none of them breaks a page."""

import asyncio
import io
from urllib.parse import quote

import pytest

from portal.asgi import application as asgi
from portal.wsgi import application
from tests.coroutines import run_in_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
CHARSETS = ["gbk", "utf-16", "utf-7", "hex", "undefined", "punycode", '"utf-8', "x" * 500]


def ask(path: str, content_type: str) -> tuple[str, bytes]:
    said: list[str] = []
    where, _mark, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "0",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    answer = application(environ, lambda status, headers, error=None: said.append(status))
    return said[0], b"".join(answer)


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("path", [f"/api/v1/centers?q={quote('柳湾')}", "/items/?page=2", "/healthz?a=b"])
def test_it_is_answered_as_without(center, path, charset):
    told = ask(path, "")

    assert told[0] == "200 OK"
    assert ask(path, f"text/plain; charset={charset}") == told


def test_control_the_question_finds_something(center):
    assert "柳湾" in ask(f"/api/v1/centers?q={quote('柳湾')}", "text/plain; charset=gbk")[1].decode()


@pytest.mark.parametrize("charset", ["gbk", "hex"])
def test_by_asgi_too(charset):
    sent = []

    asked = iter([{"type": "http.request", "body": b""}])

    async def receive():
        for message in asked:
            return message
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", f"text/plain; charset={charset}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/healthz", "query_string": b"a=b", "headers": headers}
    run_in_thread(asgi(scope, receive, send))

    assert sent[0]["status"] == 200
