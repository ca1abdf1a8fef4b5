"""S8: the national division list, 620,000 rows of csv, on both databases."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers import postgres

ROWS = 620_000
TARGETS = {"sqlite": 60, "postgresql": 30}
MEGABYTES = 200
SECOND_RUN = 1.5
ROOT = Path(__file__).resolve().parent.parent

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
PLACES = "柳杏桃槐石沙清白青红大小上下东西南北前后新老长泉河湾坡岭沟坪塘桥店铺营屯庄寨堡"
KINDS = ["村村民委员会", "村委会", "社区居民委员会", "居委会"]


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        file = Path(folder) / "national.csv"
        write(file)
        report("sqlite", f"sqlite:///{folder}/bench.sqlite3", file)
        with postgres(durable=True) as url:
            report("postgresql", url, file)


def write(path: Path, rows: int = ROWS) -> None:
    """A list of the national one's size and structure: 31 × 11 × 9 × 14 × 14, invented names, valid codes."""
    with path.open("w", encoding="utf-8") as out:
        out.write("code,name\n")
        for number, (code, name) in enumerate(divisions()):
            if number == rows:
                break
            out.write(f"{code},{name}\n")


def divisions() -> Iterator[tuple[str, str]]:
    for province in range(31):
        head = f"{11 + province * 2:02d}"
        yield head.ljust(12, "0"), name_of(province) + "省"
        for city in range(1, 12):
            city_head = f"{head}{city:02d}"
            yield city_head.ljust(12, "0"), name_of(province * 11 + city) + "市"
            for county in range(1, 10):
                county_head = f"{city_head}{county:02d}"
                yield county_head.ljust(12, "0"), name_of(province * 99 + city * 9 + county) + "县"
                for town in range(14):
                    town_head = f"{county_head}{100 + town:03d}"
                    yield town_head.ljust(12, "0"), name_of(county * 14 + town + city) + "镇"
                    for village in range(14):
                        number = hash((province, city, county, town, village))  # hash of ints: deterministic
                        yield f"{town_head}{200 + village:03d}", name_of(number) + KINDS[number % 4]


def name_of(number: int) -> str:
    first, second = divmod(number, len(SURNAMES))
    return SURNAMES[second] + PLACES[first % len(PLACES)] + PLACES[first // len(PLACES) % len(PLACES)]


def report(database: str, url: str, file: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    first, second = measure(file, environment), measure(file, environment)
    ratio = second["seconds"] / first["seconds"]
    rss = max(first["megabytes"], second["megabytes"])
    good = first["seconds"] <= TARGETS[database] and rss <= MEGABYTES and ratio <= SECOND_RUN
    print(
        f"S8 import_divisions {database} seconds={first['seconds']:.1f} rss={rss:.0f}MB second={ratio:.2f}x"
        f" target={TARGETS[database]}s,{MEGABYTES}MB,{SECOND_RUN}x {'ok' if good else 'short'}",
        flush=True,
    )


def measure(file: Path, environment: dict) -> dict:
    """Seconds and peak memory of the command in its own process, including interpreter start."""
    code = (
        "import json, resource, sys; from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'import_divisions', sys.argv[1]]);"
        "print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": json.loads(done.stdout.splitlines()[-1])}
