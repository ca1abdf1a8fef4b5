"""The table of docs/security.md is whole: each row has a job of the settings and a test that exists."""

import re
from pathlib import Path

import pytest
from django.conf import settings

DOCS = (Path(settings.BASE_DIR) / "docs" / "security.md").read_text()
TABLE = DOCS.partition("## How long what is kept")[2].partition("\n## ")[0]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("|")][
    2:
]


def test_there_are_rows():
    assert len(ROWS) > 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_has_a_job_and_a_test(row):
    _what, how_long, job, test = row
    path, _, name = test.strip("`").partition("::")

    assert how_long
    assert job.strip("`") in settings.UPKEEP
    assert f"def {name}(" in (Path(settings.BASE_DIR) / path).read_text()


def test_every_period_of_the_settings_has_a_row():
    named = set(re.findall(r"RETENTION_(\w+)_DAYS", TABLE))

    assert named == {name.upper() for name in settings.RETENTION_DAYS}
