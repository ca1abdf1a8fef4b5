"""S1, S2, S13 and 100 at once, over HTTP: the shipped server command beside the same one with the bare app, in turns.

Both have two workers with all their threads; wrk asks them, without limits of rate, since all comes from one address.
The crowds come with limits, each person from an address of their own. S13 goes through Debian's nginx with
deploy/nginx.conf.
"""

import statistics
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count

from benchmarks.booking import environment_of
from benchmarks.clients import at_once, booking_script, per_second
from benchmarks.pages import ZONE, build
from tests.nginx import nginx_before
from tests.servers import postgres
from tests.web import shipped_command, web

ROUNDS, SECONDS = 5, 2
CROWD, CROWDS, SOON = 100, 9, 0.5
API = "/api/v1/appointments"
LEAST = {"S1": {"postgresql": 0.6, "sqlite": 0.33}, "S2": {"postgresql": 0.35, "sqlite": 0.35}}
THROUGH_NGINX = 20
PAGES = {
    "home": "/",
    "list of centers": "/centers/",
    "item list": "/items/",
    "center page": "/centers/{code}/",
    "booking page": "/centers/{code}/book/renzheng/",
}
Asked = tuple[int, str, Callable[[], str]]  # port, path, a script for wrk


def run(figure: str = "") -> None:
    """`figure`: "S13" for that one only; "crowd" for 100 at once."""
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        _measure("sqlite", f"sqlite:///{folder}/served.sqlite3", figure)
    with postgres(durable=True) as url:
        _measure("postgresql", url, figure)


def _measure(database: str, url: str, figure: str) -> None:
    world = build(environment_of(url))
    day, numbers = datetime.now(ZONE).date() + timedelta(days=2), count(1)
    slots = f"/api/v1/centers/{world['code']}/slots?item=renzheng&from={day}&days=1"
    command = [word.replace("portal.wsgi", "benchmarks.bare.wsgi") for word in shipped_command()]
    with ExitStack() as servers:
        ours = servers.enter_context(web(url, quiet=True)).port
        beside = web(url, command=command, quiet=True, DJANGO_SETTINGS_MODULE="benchmarks.bare.settings")
        bare = servers.enter_context(beside).port

        def bookings(port: int, path: str, which: str) -> Asked:
            return port, path, lambda: booking_script(path, world[which], next(numbers) * 100_000)

        if figure in ("", "S1"):
            json = f"/json?center={world['pk']}&day={day}"
            _in_turns("S1", "slots call", database, (ours, slots, str), (bare, json, str))
        if figure in ("", "S2"):
            _in_turns("S2", "booking", database, bookings(ours, API, "ours"), bookings(bare, "/book", "bare"))
        if figure in ("", "crowd"):
            counting = web(url, quiet=True, RATE_LIMITS="1", TRUSTED_PROXY_COUNT="1")
            _crowds(database, servers.enter_context(counting).port, bare, world["single"])
        if figure in ("", "S13"):
            front = servers.enter_context(nginx_before(ours))
            for what, path in PAGES.items():
                _kept(what, path.format(code=world["code"]), database, front, ours)


def _in_turns(name: str, what: str, database: str, ours: Asked, bare: Asked) -> None:
    for clients in (1, 8):
        rates: tuple[list[float], list[float]] = ([], [])
        for _round in range(ROUNDS):
            for which, (port, path, script) in enumerate((ours, bare)):
                rates[which].append(per_second(port, path, clients, SECONDS, script()))
        mine, least, target = *map(statistics.median, rates), LEAST[name][database]
        _say(
            f"{name} {what} {database} clients={clients} per-second={mine:.0f} bare={least:.0f}"
            f" ratio={mine / least:.2f} target>={target}",
            mine / least >= target,
        )


def _crowds(database: str, ours: int, bare: int, single: list[int]) -> None:
    """100 at once on one place, each crowd on another one; the bare app refuses without looking for other times."""
    took, exact, least = [], True, []
    for number, slot in enumerate(single[:CROWDS]):
        people = [
            {"slot": slot, "item": "renzheng", "name": "王桂兰", "phone": f"136{number:02d}{one:06d}"}
            for one in range(CROWD)
        ]
        answers, seconds = at_once(ours, API, people)
        told = Counter(status for status, _answer in answers)
        exact &= told == {201: 1, 409: CROWD - 1}
        exact &= all(answer["alternatives"] for status, answer in answers if status == 409)
        took.append(seconds)
        for person in people:
            person["slot"] = single[CROWDS + number]
        least.append(at_once(bare, "/book", people)[1])
    seconds = statistics.median(took)
    _say(
        f"L7 {CROWD} at once on one place {database} seconds={seconds:.2f} slowest={max(took):.2f}"
        f" bare={statistics.median(least):.2f} target<={SOON} one-booked-and-alternatives={'yes' if exact else 'NO'}",
        exact and seconds <= SOON,
    )


def _kept(what: str, path: str, database: str, front: int, ours: int) -> None:
    direct, kept = [], []
    for _round in range(ROUNDS):
        direct.append(per_second(ours, path, 8, SECONDS))
        kept.append(per_second(front, path, 8, SECONDS))
    ratio = statistics.median(kept) / statistics.median(direct)
    _say(
        f"S13 {what} {database} nginx={statistics.median(kept):.0f} direct={statistics.median(direct):.0f}"
        f" ratio={ratio:.0f} target>={THROUGH_NGINX}",
        ratio >= THROUGH_NGINX,
    )


def _say(line: str, is_met: bool) -> None:
    print(line, "ok" if is_met else "short", flush=True)
