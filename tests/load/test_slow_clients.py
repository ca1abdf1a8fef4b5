"""Fifty clients that send their bodies byte by byte, before the one-machine shape: others do not notice them."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests import factories
from tests.faults.conftest import database_url
from tests.nginx import UPSTREAM, find_nginx, nginx_before
from tests.operations.test_compose import services
from tests.web import AWAY, Visitor, shipped_command, web

# Of the web server and what stands before it, whatever its database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

CLIENTS = 50


@pytest.fixture
def server(center, item):
    if find_nginx() is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    factories.open_on(center, *range(7))
    with web(database_url(), command=shipped_command(1), quiet=True) as server:
        with Visitor(server.port) as visitor:  # warm
            visitor.get(f"/centers/{center.code}/")
        yield server


@contextlib.contextmanager
def slow_clients(port: int, path: str = "/api/v1/appointments") -> Iterator[list[socket.socket]]:
    """Each has sent the head of its request and sends a byte every half second."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n{{"
    )
    over = threading.Event()
    clients = [socket.create_connection(("127.0.0.1", port), timeout=5) for _number in range(CLIENTS)]

    def drip() -> None:
        while not over.wait(0.5):
            for client in clients:
                with contextlib.suppress(OSError):
                    client.send(b" ")

    for client in clients:
        client.sendall(head.encode())
    dripping = threading.Thread(target=drip)
    dripping.start()
    time.sleep(1)
    try:
        yield clients
    finally:
        over.set()
        dripping.join()
        for client in clients:
            client.close()


def slowest_of_others(port: int, center, times: int = 15) -> float:
    """Seconds; a cookie keeps nginx from answering of its own."""
    slowest = 0.0
    for number in range(times):
        began = time.monotonic()
        with contextlib.suppress(*AWAY), Visitor(port, timeout=5) as visitor:
            path = f"/centers/{center.code}/" if number % 2 else "/centers/"
            assert visitor.get(path, Cookie="look=elder").status == 200
        slowest = max(slowest, time.monotonic() - began)
        if slowest > 4:
            break
    return slowest


def test_through_the_proxy_others_wait_less_than_a_second(server, center):
    with nginx_before(server.port) as port, slow_clients(port):
        seconds = slowest_of_others(port, center)
    print(f"slowest of others beside {CLIENTS} slow clients: {seconds:.2f} s")
    assert seconds < 1


def test_control_without_the_proxy_they_take_every_thread(server, center):
    with slow_clients(server.port):
        assert slowest_of_others(server.port, center) > 2


def test_both_shapes_use_the_same_configuration():
    volumes = services()["proxy"]["volumes"]
    assert "./deploy/nginx.conf:/etc/nginx/conf.d/default.conf:ro" in volumes
    assert "./deploy/upstream-compose.conf:/etc/nginx/conf.d/upstream.conf:ro" in volumes
    compose = UPSTREAM.with_name("upstream-compose.conf").read_text()
    assert compose.splitlines()[1:] == [
        line.replace("127.0.0.1:8000", "web:8000") for line in UPSTREAM.read_text().splitlines()[1:]
    ]
