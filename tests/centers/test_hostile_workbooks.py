"""Workbooks and csv made to exhaust whoever reads them: the reading process ends, the portal says a sentence (B5)."""

import json
import os
import subprocess
import sys
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.ui.errors import RuleBroken
from portal.ui.sheets import apart, gate
from portal.ui.sheets.reading import read
from tests.centers import sheets
from tests.centers.hostile_workbooks import HOSTILE, HOSTILE_CSV, data, workbook

KNOWN = ["区划代码", "姓名", "电话"]
# Starts the reader as the portal does, from a process small enough that its own memory does not count.
MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-I", *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
"""


def megabytes_of(content: bytes, *encoding: str, **limits: int) -> int:
    """The most that the reading process had in memory."""
    command = [sys.executable, "-c", MEASURED, str(apart.CHILD), json.dumps(gate.limits() | limits), *encoding]
    return int(subprocess.run(command, input=content, capture_output=True, check=True).stdout)


@pytest.mark.parametrize(
    "name, case", [*(("list.xlsx", case) for case in HOSTILE), *(("list.csv", case) for case in HOSTILE_CSV)]
)
def test_it_is_refused_in_time_and_costs_the_portal_nothing(name, case):
    content = (HOSTILE | HOSTILE_CSV)[case]()
    tracemalloc.start()
    started = time.monotonic()
    with pytest.raises(RuleBroken) as refused:
        read(content, name, KNOWN)
    seconds, (_now, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(refused.value).endswith("。")
    assert seconds < gate.MAX_SECONDS + 2
    assert peak < 60 << 20


@pytest.mark.parametrize("case", HOSTILE)
def test_whoever_reads_it_stays_below_the_limit(case):
    assert megabytes_of(HOSTILE[case]()) <= gate.MAX_MEMORY >> 20


@pytest.mark.parametrize("case", HOSTILE_CSV)
def test_whoever_reads_csv_stays_below_the_limit(case):
    assert megabytes_of(HOSTILE_CSV[case](), "utf-8-sig") <= gate.MAX_MEMORY >> 20


def test_control_without_the_limit_the_reader_takes_what_it_is_told():
    wide = workbook(data(f'<row r="1"><c><v>1</v></c></row><row r="150000">{"<c><v>1</v></c>" * 100}</row>'))
    assert megabytes_of(wide, memory=4 << 30) > gate.MAX_MEMORY >> 20
    assert megabytes_of(wide) <= gate.MAX_MEMORY >> 20


def in_cells(texts: list[str]) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


def test_the_largest_list_that_is_allowed_comes_in():
    head = f"<row>{in_cells(KNOWN + [f'列{number}' for number in range(97)])}</row>"
    row = f"<row>{in_cells(['990101100201', '王桂兰', '13800005678', *['青禾县柳湾乡柳湾村'] * 97])}</row>"
    assert len(read(workbook(data(head + row * gate.MAX_ROWS)), "list.xlsx", KNOWN).rows) == gate.MAX_ROWS


def test_the_largest_csv_that_is_allowed_comes_in():
    head = ",".join(KNOWN + [f"列{number}" for number in range(97)])
    row = ",".join(["990101100201", "王桂兰", "13800005678", *["青禾县柳湾乡柳湾村"] * 97])
    content = "\n".join([head, *[row] * gate.MAX_ROWS]).encode("gb18030")
    assert len(read(content, "list.csv", KNOWN).rows) == gate.MAX_ROWS


def test_a_sheet_elsewhere_is_read_like_any_other():
    texts = in_cells(KNOWN)
    rows = f'<row>{texts}</row><row hidden="1">{texts.replace("姓名", "王桂兰")}</row>'
    read_ = read(workbook(data(rows), at="other/sheet{}.xml"), "list.xlsx", KNOWN)
    assert [cells[1] for _where, cells in read_.rows] == ["王桂兰"]
    assert "隐藏" in read_.notes[0]


def test_the_sum_over_sheets_counts():
    def lists(rows: int) -> bytes:
        return workbook(*[data(f"<row>{in_cells(KNOWN)}</row>" * rows)] * 10)

    assert len(read(lists(400), "list.xlsx", KNOWN).rows) == 10 * 399
    with pytest.raises(RuleBroken) as refused:
        read(lists(600), "list.xlsx", KNOWN)
    assert refused.value.code == "rows"


def test_time_ends_it_too(monkeypatch, tmp_path):
    forever = tmp_path / "child.py"
    forever.write_text("while True: pass")
    monkeypatch.setattr(apart, "CHILD", forever)
    monkeypatch.setattr(gate, "MAX_SECONDS", 1)
    with pytest.raises(RuleBroken) as refused:
        read(sheets.xlsx(KNOWN, ["1", "2", "3"]), "list.xlsx", KNOWN)
    assert refused.value.code == "unpacks_too_big"


@pytest.fixture
def slow_reader(monkeypatch, tmp_path):
    """Answers after a second; writes down when each began and ended."""
    log = tmp_path / "log"
    slow = tmp_path / "child.py"
    slow.write_text(
        f"import sys, time; sys.stdin.buffer.read(); began = time.time(); time.sleep(1)\n"
        f"open({str(log)!r}, 'a').write(f'{{began}} {{time.time()}}\\n'); print('{{\"sheets\": []}}')"
    )
    monkeypatch.setattr(apart, "CHILD", slow)
    monkeypatch.setattr(apart.tempfile, "gettempdir", lambda: str(tmp_path))
    return log


def at_once(log, readers: int) -> tuple[list[str], int]:
    """The codes of those who were refused, and how many read at the same moment at most."""

    def one(_number) -> str:
        try:
            apart.sheets_of(b"")
        except RuleBroken as refused:
            return refused.code
        return ""

    with ThreadPoolExecutor(readers) as pool:
        codes = [code for code in pool.map(one, range(readers)) if code]
    spans = [tuple(map(float, line.split())) for line in log.read_text().splitlines()]
    return codes, max(sum(begin <= moment < end for begin, end in spans) for moment, _end in spans)


def test_two_are_read_at_a_time(slow_reader):
    assert at_once(slow_reader, 4) == ([], 2)


def test_whoever_waits_too_long_is_told_to_come_back(slow_reader, monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    codes, most = at_once(slow_reader, 4)
    assert codes == ["busy", "busy"] and most == 2


def test_csv_waits_for_a_place_too(monkeypatch, tmp_path):
    monkeypatch.setattr(apart.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    content = f"{','.join(KNOWN)}\n990101100201,王桂兰,13800005678\n".encode()
    assert len(read(content, "list.csv", KNOWN).rows) == 1
    held = apart._free_place(), apart._free_place()
    with pytest.raises(RuleBroken) as refused:
        read(content, "list.csv", KNOWN)
    assert refused.value.code == "busy"
    for file in held:
        os.close(file)


def test_a_place_is_free_again_after_its_process_was_killed(slow_reader):
    """The lock belongs to an open file, which the kernel closes."""
    held = apart._free_place(), apart._free_place()
    assert apart._free_place() is None
    for file in held:
        os.close(file)
    assert at_once(slow_reader, 2) == ([], 2)
