"""Has a workbook or a csv file read by `child.py`, in a process of its own, two at a time on a machine.

The limits hold in the process that reads: this one only ever sees an answer of bounded size, or that there is none.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path

from portal.ui.sheets import gate

CHILD = Path(__file__).with_name("child.py")
AT_A_TIME = 2
# How long somebody waits for a place; a thread that waits serves nobody else.
PATIENCE = 3
POLL = 0.05
_UNPACK: dict[str, Callable] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": clock_time.fromisoformat,
    "text": str,
}


def sheets_of(data: bytes, encoding: str = "", rows: int = gate.MAX_ROWS) -> list[dict]:
    """`name`, `visible`, `rows` of cells and `hidden` row numbers of each sheet; of a csv file by its `encoding`.

    Raises RuleBroken, also for more than `rows`.
    """
    with _place():
        answer = _answer(data, encoding, gate.limits(rows))
    if "refused" in answer:
        raise gate.refusal(answer["refused"][0], rows)
    for sheet in answer["sheets"]:
        sheet["rows"] = [[_unpacked(cell) for cell in row] for row in sheet["rows"]]
    return answer["sheets"]


def _answer(data: bytes, encoding: str, limits: dict[str, int]) -> dict:
    command = [sys.executable, "-I", str(CHILD), json.dumps(limits), *filter(None, [encoding])]
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=limits["seconds"] + 1,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": ["unpacks_too_big", ""]}
    # Ended by a limit: by a signal, or by Python that had no memory left for its own error.
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout else {"refused": ["unpacks_too_big", ""]}


def _unpacked(cell):
    return _UNPACK[cell[0]](cell[1]) if isinstance(cell, list) else cell


@contextlib.contextmanager
def _place() -> Iterator[None]:
    """One of `AT_A_TIME` places that all processes of this user share. Raises RuleBroken `busy`."""
    until = time.monotonic() + PATIENCE
    while (held := _free_place()) is None:
        if time.monotonic() > until:
            raise gate.refusal("busy")
        time.sleep(POLL)
    try:
        yield
    finally:
        os.close(held)


def _free_place() -> int | None:
    """A locked file. The kernel drops the lock however this process ends."""
    for number in range(AT_A_TIME):
        path = Path(tempfile.gettempdir()) / f"jiamenkou-sheets-{os.getuid()}-{number}"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    return None
