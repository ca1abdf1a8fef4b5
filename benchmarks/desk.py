"""S11: the workbench brought up to date at 200 rows, beside a bare page of the same rows."""

import subprocess
import sys
import tempfile

from benchmarks.booking import ROOT, _environment
from tests.servers import postgres


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        measure("sqlite", f"sqlite:///{folder}/desk.sqlite3")
    with postgres(durable=True) as url:
        measure("postgresql", url)


def measure(database: str, url: str) -> None:
    here = _environment(url)
    # A process of its own makes the day: a web worker has not built one before it answers.
    for task in ("build", "measure"):
        inside = [sys.executable, "-m", "benchmarks.inside.desk", database, task]
        subprocess.run(inside, env=here, cwd=ROOT, check=True)
