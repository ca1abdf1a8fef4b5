"""Opening hours as people write them into one cell."""

from datetime import time

import pytest

from centers.importing.hours import read_periods

MORNING, AFTERNOON = (time(8, 30), time(11, 30)), (time(14), time(17, 30))


@pytest.mark.parametrize(
    ("cell", "periods"),
    [
        ("8:30-11:30、14:00-17:30", [MORNING, AFTERNOON]),
        ("14:00～17:30，8：30—11：30", [MORNING, AFTERNOON]),
        ("8点半到11点半 14点至17点30分", [MORNING, AFTERNOON]),
        ("8:30 - 11:30", [MORNING]),
        ("休息", []),
    ],
)
def test_periods(cell, periods):
    assert read_periods(cell) == periods
