"""S1, S2, S3, S4 in process: what villagers read and write, beside bare views on the same middleware and driver."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import postgres

ROOT = Path(__file__).resolve().parent.parent


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        _measure("sqlite", f"sqlite:///{folder}/bench.sqlite3")
        with postgres(durable=True) as url:
            _measure("postgresql", url)


def _measure(database: str, url: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DEBUG": "0",
        "DEMO": "1",
        "RATE_LIMITS": "0",
        "SECRET_KEY": "only-for-benchmarks",
        "ALLOWED_HOSTS": "*",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    subprocess.run([sys.executable, "-m", "benchmarks.inside.booking", database], env=environment, cwd=ROOT, check=True)
