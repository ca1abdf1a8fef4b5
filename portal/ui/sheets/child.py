"""Reads a workbook or csv file in a process of its own, with limits: whatever the file makes it do, only this ends.

`python -I child.py LIMITS [ENCODING] < file > JSON`, started by `portal.ui.sheets.apart`; a csv file has an ENCODING.
It imports nothing of the portal, so that it starts within a tenth of a second. The answer is
{"sheets": [{name, visible, rows, hidden}]}, the cells tagged as by `packed`, or {"refused": [code, about]}. A process
that was ended by a limit answers nothing.

What counts is what the reader makes of the file: the size of each sheet as it was read, and the sum over all sheets.
"""

import contextlib
import csv
import io
import json
import posixpath
import re
import resource
import signal
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import python_calamine
from defusedxml import ElementTree

CHUNK = 1 << 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,9})[\"']")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")


class Refused(Exception):
    """`code` and what the sentence says about it; see `gate.refusal`."""


def main(limits: dict[str, int], encoding: str = "") -> None:
    confine(limits)
    try:
        data = sys.stdin.buffer.read()
        answer: dict = {"sheets": list(sheets_of(data, encoding, limits))}
    except Refused as refused:
        answer = {"refused": refused.args}
    except MemoryError:
        answer = {"refused": ["unpacks_too_big", ""]}
    except BaseException:  # a panic of the Rust reader is a BaseException
        answer = {"refused": ["damaged", ""]}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


def confine(limits: dict[str, int]) -> None:
    """Limits of this process: memory, time by processor and by clock, no files; killed first if memory ends."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(limits["seconds"])
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def sheets_of(data: bytes, encoding: str, limits: dict[str, int]) -> Iterator[dict]:
    letters = limits["text"]
    for sheet in [csv_sheet(data, encoding, limits)] if encoding else workbook_sheets(data, limits):
        kept = []
        for row in sheet["rows"]:
            letters -= sum(len(cell) for cell in row if isinstance(cell, str))
            if letters < 0:
                raise Refused("unpacks_too_big", "")
            kept.append([packed(cell, limits["cell"]) for cell in row])
        yield sheet | {"rows": kept}


def csv_sheet(data: bytes, encoding: str, limits: dict[str, int]) -> dict:
    return {"name": "", "visible": True, "rows": csv_rows(data, encoding, limits), "hidden": []}


def csv_rows(data: bytes, encoding: str, limits: dict[str, int]) -> Iterator[list[str]]:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    head = lines.readline()
    lines.seek(0)
    separator = max(",;\t", key=head.count)
    # A title row has no separator: then assume a comma, unless the rows below have another.
    if not head.count(separator):
        separator = max(",;\t", key=lines.read(2000).count)
        lines.seek(0)
    try:
        rows = csv.reader((line.replace("\0", "") for line in lines), delimiter=separator)
        for number, cells in enumerate(rows, start=1):
            if number > limits["rows"]:
                raise Refused("rows", "")
            if any(cells[limits["columns"] :]):
                raise Refused("columns", "")
            yield cells[: limits["columns"]]
    except csv.Error as error:
        raise Refused("csv", "") from error


def workbook_sheets(data: bytes, limits: dict[str, int]) -> Iterator[dict]:
    check_archive(data, limits)
    workbook = python_calamine.load_workbook(io.BytesIO(data))
    listed = [one for one in workbook.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if not listed:
        raise Refused("no_sheet", "")
    if len(listed) > limits["sheets"]:
        raise Refused("sheets", "")
    if any(len(one.name) > limits["name"] for one in listed):
        raise Refused("long_name", "")
    cells = limits["rows"] * limits["columns"]
    for one in listed:
        sheet = workbook.get_sheet_by_name(one.name)
        rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        cells -= rows * columns
        if rows > limits["rows"] or cells < 0:
            raise Refused("rows", "")
        if columns > limits["columns"]:
            raise Refused("columns", "")
        read = sheet.to_python(skip_empty_area=False)
        is_visible = one.visible == python_calamine.SheetVisibleEnum.Visible
        hidden = [] if not rows else sorted(hidden_rows(data, one.name, rows))
        yield {"name": one.name, "visible": is_visible, "rows": read, "hidden": hidden}


def packed(cell, longest: int):
    """Text, numbers and yes or no as they are; [kind, ISO text] for what has to do with time."""
    if isinstance(cell, str):
        if len(cell) > longest:
            raise Refused("long_cell", "")
        return cell
    if isinstance(cell, (datetime, date, time)):
        return [type(cell).__name__, cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["text", str(cell)]
    return cell


def check_archive(data: bytes, limits: dict[str, int]) -> None:
    """Decompress every part once in chunks: sizes and checksums are the directory's, and no XML declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 0x1 for part in parts):
                raise Refused("encrypted", "")
            if "[Content_Types].xml" not in names:
                raise Refused("no_sheet", "")
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > limits["parts"] or len(names) != len(parts) or unpacked > limits["unpacked"]:
                raise Refused("unpacks_too_big", "")
            for part in parts:
                check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Refused("damaged", "") from error


def check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    # The zip directory may lie about sizes: reading stops there, and the CRC check fails.
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            if is_xml:
                window = tail + piece.replace(b"\0", b"").upper()
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise Refused("entities", "")
                tail = window[-16:]


def hidden_rows(data: bytes, name: str, most: int) -> set[int]:
    """Numbers of a sheet's hidden rows, from 1: the reader reads them like any other. For a note only."""
    found: set[int] = set()
    number = 0
    with (
        contextlib.suppress(KeyError),  # a part that is not there
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        archive.open(part_of(archive, name)) as stream,
    ):
        rest = b""
        while piece := stream.read(CHUNK):
            complete, bracket, rest = (rest + piece).rpartition(b">")
            for row in _ROW.finditer(complete + bracket):
                said = _NUMBER.search(row[1])
                number = int(said[1]) if said else number + 1
                if number <= most and _HIDDEN.search(row[1]):
                    found.add(number)
    return found


def part_of(archive: zipfile.ZipFile, name: str) -> str:
    """Where a sheet lies: as the reader does, by the relationships."""
    workbook = next(
        (path for kind, _id, path in related(archive, "") if kind.endswith("/officeDocument")), "xl/workbook.xml"
    )
    places = {number: path for _kind, number, path in related(archive, workbook)}
    for sheet in ElementTree.fromstring(archive.read(workbook)).iterfind("{*}sheets/{*}sheet"):
        if sheet.get("name") == name:
            return places.get(sheet.get(_RELATION), "")
    return ""


def related(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Kind, id and path of what a part refers to; of the whole file for the empty part."""
    folder, own = posixpath.split(part)
    for one in ElementTree.fromstring(archive.read(posixpath.join(folder, "_rels", f"{own}.rels"))):
        path = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
        yield one.get("Type", ""), one.get("Id", ""), path


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), *sys.argv[2:])
