"""Clients that cost little beside the server on the same machine: wrk (Debian: `apt install wrk`), and many at once."""

import asyncio
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from string import Template

# Each request has the next number, which makes its idempotency key and its phone number.
BOOKING = Template("""
local slots, number = {$slots}, $first
request = function()
  number = number + 1
  local headers = {["Content-Type"] = "application/json", ["Idempotency-Key"] = string.format("%032x", number)}
  local body = string.format('{"slot": %d, "item": "renzheng", "name": "王桂兰", "phone": "137%08d"}',
                             slots[number % #slots + 1], number)
  return wrk.format("POST", "$path", headers, body)
end
""")


def booking_script(path: str, slots: Sequence[int], first: int) -> str:
    return BOOKING.substitute(slots=", ".join(map(str, slots)), path=path, first=first)


def per_second(port: int, path: str, clients: int, seconds: int, script: str = "") -> float:
    """Requests answered a second. Raises RuntimeError if one was not answered by 2xx, or wrk is not there."""
    if not shutil.which("wrk"):
        raise RuntimeError("This benchmark needs wrk (Debian: apt install wrk).")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", *(["-s", file.name] if script else [])]
        address = f"http://127.0.0.1:{port}{path}"
        said = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return float(re.search(r"Requests/sec: +([\d.]+)", said)[1])


def at_once(port: int, path: str, bodies: Sequence[dict]) -> tuple[list[tuple[int, dict]], float]:
    """Each on a connection of its own, open before: (status, answer) of each, and seconds until all were answered."""
    return asyncio.run(_at_once(port, path, bodies))


async def _at_once(port: int, path: str, bodies: Sequence[dict]) -> tuple[list[tuple[int, dict]], float]:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _body in bodies]
    requests = [_request(path, body, number) for number, body in enumerate(bodies)]
    started = time.monotonic()
    for (_reader, writer), request in zip(opened, requests, strict=True):
        writer.write(request)
    answers = await asyncio.gather(*[_answer(reader) for reader, _writer in opened])
    took = time.monotonic() - started
    for _reader, writer in opened:
        writer.close()
    return list(answers), took


def _request(path: str, body: dict, number: int) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {time.time_ns():020x}{number:012x}\r\n"
        f"X-Forwarded-For: 10.1.{number // 256}.{number % 256}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = int(re.search(r"content-length: (\d+)", head, re.I)[1])
    return int(head.split()[1]), json.loads(await reader.readexactly(length))
