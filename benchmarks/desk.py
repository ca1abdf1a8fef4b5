"""S11: refreshing the workbench with 200 rows, compared with a bare page of the same rows."""

import subprocess
import sys
import tempfile

from benchmarks.booking import ROOT, environment_of
from tests.servers import postgres


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        measure("sqlite", f"sqlite:///{folder}/desk.sqlite3")
    with postgres(durable=True) as url:
        measure("postgresql", url)


def measure(database: str, url: str) -> None:
    here = environment_of(url)
    # Test data is built in a separate process, so that it does not warm up the measured one.
    for task in ("build", "measure"):
        inside = [sys.executable, "-m", "benchmarks.inside.desk", database, task]
        subprocess.run(inside, env=here, cwd=ROOT, check=True)
