"""S14: how long bookings take beside an import of 5,000 residents, and beside each job of upkeep with 1,000 centers.

The import is previewed and confirmed by an administrator. Most of the thousand centers have hours only, when the jobs
begin, so that `roll-days-on` and `make-slots-ahead` make all of theirs. People book until a job returns.
"""

import itertools
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.load import build_village
from portal.registries import UPKEEP
from tests.bookers import Booker
from tests.centers import sheets
from tests.load.crowd import p95
from tests.servers import postgres
from tests.web import ROOT, Answer, Visitor, Web, environment, shipped_command, web

ROWS, SLOTS, PLACES = 5_000, 400, 50
FURTHER, SECONDS = 980, 6  # centers beside the twenty; how long a job is repeated that is done sooner
A_SECOND = 5  # bookings
TARGET = 1.0
SETTINGS = "benchmarks.settings"
TOKEN = "t" * 64  # of the CSRF check, which compares a cookie and a field


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        measure("sqlite", f"sqlite:///{folder}/bench.sqlite3")
    with postgres(durable=True) as url:
        measure("postgresql", url)


def measure(database: str, url: str) -> None:
    variables = environment(url, DJANGO_SETTINGS_MODULE=SETTINGS)
    village = build_village(variables, SLOTS, PLACES)
    numbers = itertools.count()
    with web(url, command=shipped_command(1), quiet=True, DJANGO_SETTINGS_MODULE=SETTINGS) as server:
        with booking(server, village, numbers) as alone:
            time.sleep(10)
        report("alone", database, alone, 10)
        for name, job in JOBS.items():
            began = time.monotonic()
            with booking(server, village, numbers) as beside:
                job(server, village)
            report(f"beside {name}", database, beside, time.monotonic() - began)
        upkeep(variables, "grow", FURTHER)
        for name in UPKEEP:
            began = time.monotonic()
            with booking(server, village, numbers) as beside:
                upkeep(variables, name, SECONDS)
            report(f"beside {name} of 1,000 centers", database, beside, time.monotonic() - began)


def upkeep(variables: dict[str, str], job: str, number: int) -> None:
    command = [sys.executable, "-m", "benchmarks.inside.upkeep", job, str(number)]
    subprocess.run(command, env=variables, cwd=ROOT, check=True)


def report(what: str, database: str, bookers: list[Booker], seconds: float) -> None:
    tail = p95([booker.seconds for booker in bookers])
    slowest = max(booker.seconds for booker in bookers)
    refused = sum(booker.answer is None or booker.answer.status != 201 for booker in bookers)
    verdict = "ok" if tail <= TARGET and not refused else "short"
    print(
        f"S14 bookings {what} {database} p95={tail:.2f}s slowest={slowest:.2f}s target={TARGET:g}s {verdict}"
        f" bookings={len(bookers)} refused={refused} job={seconds:.1f}s",
        flush=True,
    )


@contextmanager
def booking(server: Web, village: dict, numbers: Iterator[int]) -> Iterator[list[Booker]]:
    """People arrive evenly during the block, whether those before them were answered or not."""
    slots = itertools.cycle(village["slots"])
    bookers: list[Booker] = []
    threads: list[threading.Thread] = []
    over = threading.Event()

    def arrive() -> None:
        while not over.wait(1 / A_SECOND):
            bookers.append(Booker(next(numbers), next(slots), village["item"]))
            threads.append(threading.Thread(target=bookers[-1].book, args=(server.port,)))
            threads[-1].start()

    arriving = threading.Thread(target=arrive)
    arriving.start()
    try:
        yield bookers
    finally:
        over.set()
        arriving.join()
        for thread in threads:
            thread.join()


@dataclass
class Administrator:
    port: int
    session: str

    def post(self, path: str, body: bytes, kind: str) -> Answer:
        cookies = f"sessionid={self.session}; csrftoken={TOKEN}"
        with Visitor(self.port, timeout=300) as visitor:
            return visitor.ask("POST", path, body, {"Content-Type": kind, "Cookie": cookies})

    def upload(self, path: str, content: bytes) -> Answer:
        edge = "----benchmark"
        fields = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"csrfmiddlewaretoken": TOKEN, "resource": "0"}.items()
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="import_file"; filename="list.xlsx"\r\n'
        body = f"{fields}{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content
        return self.post(path, body + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}")


def residents(server: Web, village: dict) -> None:
    codes = itertools.cycle(village["codes"])
    rows = [[next(codes), f"王{chr(0x4E00 + number)}", f"139{number:08d}", "一组"] for number in range(ROWS)]
    content = sheets.xlsx(["区划代码", "姓名", "电话", "村民小组"], *rows)
    administrator = Administrator(server.port, village["administrator"])
    preview = administrator.upload("/admin/centers/resident/import/", content).body.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview))
    if "import_file_name" not in hidden:
        raise RuntimeError("the preview was refused: " + re.sub(r"<[^>]+>|\s+", " ", preview)[:2000])
    form = urlencode(hidden | {"csrfmiddlewaretoken": TOKEN}).encode()
    made = administrator.post("/admin/centers/resident/process_import/", form, "application/x-www-form-urlencoded")
    if made.status != 302 or not made.headers["Location"].endswith("/resident/"):
        raise RuntimeError(f"the import was refused: {made.status} {made.headers['Location']}")


JOBS: dict[str, Callable[[Web, dict], None]] = {f"an import of {ROWS} residents": residents}
