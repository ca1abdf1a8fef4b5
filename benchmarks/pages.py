"""S0, S1, S3, S12: CPU of the pages that everybody meets first, beside a bare Django app on the same rows.

The bare app (benchmarks.bare) has a process and middlewares of its own, so that it shares none of the portal's costs.
Both are asked in turns in one run; CPU time, so that other load on the machine matters little.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.booking import ROOT, another, environment_of
from tests.servers import postgres

ZONE = ZoneInfo("Asia/Shanghai")
ROUNDS = 7
CENTERS = 500
FEW, MANY, FLAT = 24, 5_000, 1.2
# (id, what, address of ours, of the bare app, target on PostgreSQL and on SQLite)
PAGES = [
    ("S0", "healthz", "/healthz", "/healthz", 1.4, 1.4),
    ("S1", "slots", "/api/v1/centers/{code}/slots?item=renzheng&from={day}&days=1", "/json{asked}", 1.6, 3.0),
    ("S3", "booking page", "/centers/{code}/book/renzheng/", "/page{asked}", 2.5, 2.5),
    ("S12", "home", "/", "/page{asked}", 4.0, 4.0),
    ("S12", "list of centers", "/centers/", "/page{asked}", 4.0, 4.0),
    ("S12", "item list", "/items/", "/page{asked}", 4.0, 4.0),
    ("S12", "center page", "/centers/{code}/", "/page{asked}", 6.0, 6.0),
]


def run(figure: str = "") -> None:
    """`figure`: "S3" for that one only; "growth" for the same pages of few and of many centers."""
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        if figure != "growth":
            _measure("sqlite", f"sqlite:///{folder}/pages.sqlite3", figure)
        if figure in ("", "growth"):
            _growth("sqlite", f"sqlite:///{folder}/few.sqlite3", f"sqlite:///{folder}/many.sqlite3")
    with postgres(durable=True) as url:
        if figure != "growth":
            _measure("postgresql", url, figure)
        if figure in ("", "growth"):
            _growth("postgresql", another(url, "few"), another(url, "many"))


def _measure(database: str, url: str, figure: str) -> None:
    here = environment_of(url)
    world = build(here)
    day = datetime.now(ZONE).date() + timedelta(days=2)
    words = {"code": world["code"], "day": day, "asked": f"?center={world['pk']}&day={day}"}
    ours, bare = _asker(here, "portal.wsgi"), _asker(here, "benchmarks.bare.wsgi")
    for name, what, address, beside, on_postgres, on_sqlite in PAGES:
        if figure in ("", name):
            target = on_postgres if database == "postgresql" else on_sqlite
            spent, least = _interleaved(ours, bare, address.format(**words), beside.format(**words))
            ratio, verdict = spent / least, "ok" if spent / least <= target else "short"
            print(
                f"{name} {what} {database} centers={CENTERS} ms={spent:.2f} bare={least:.2f}"
                f" ratio={ratio:.2f} target<={target} {verdict}",
                flush=True,
            )
    for process in (ours, bare):
        process.communicate()


def _growth(database: str, few: str, many: str) -> None:
    """Two databases, asked in turns."""
    told = []
    for url, further in ((few, 0), (many, MANY - FEW)):
        here = environment_of(url)
        told.append((_asker(here, "portal.wsgi"), build(here, FEW, further)["code"]))
    (small, code), (large, other) = told
    for name, what, address, *_rest in PAGES:
        if name == "S12":
            least, spent = _interleaved(small, large, address.format(code=code), address.format(code=other))
            print(
                f"S12 {what} of {MANY} centers beside {FEW} {database} ms={spent:.2f} few={least:.2f}"
                f" ratio={spent / least:.2f} target<={FLAT} {'ok' if spent / least <= FLAT else 'short'}",
                flush=True,
            )
    for process in (small, large):
        process.communicate()


def build(environment: dict[str, str], centers: int = CENTERS, further: int = 0) -> dict:
    """See benchmarks.inside.world. In a process of its own, which leaves nothing warm."""
    built = [sys.executable, "-m", "benchmarks.inside.world", str(centers), str(further)]
    said = subprocess.run(built, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(said.splitlines()[-1])


def _asker(environment: dict[str, str], module: str) -> subprocess.Popen:
    settings = "portal.settings" if module == "portal.wsgi" else "benchmarks.bare.settings"
    here = environment | {"DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "-m", "benchmarks.inside.cpu", module]
    return subprocess.Popen(command, env=here, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _interleaved(ours: subprocess.Popen, bare: subprocess.Popen, address: str, beside: str) -> tuple[float, float]:
    """Median CPU milliseconds of a request of each."""
    spent: tuple[list[float], list[float]] = [], []
    for _round in range(ROUNDS):
        for which, (process, asked) in enumerate(((ours, address), (bare, beside))):
            print(asked, file=process.stdin, flush=True)
            status, milliseconds = process.stdout.readline().split()
            assert status == "200", (asked, status)
            spent[which].append(float(milliseconds))
    return statistics.median(spent[0]), statistics.median(spent[1])
