"""Starts nginx with the shipped configuration in front of a web server, for tests and benchmarks."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers import free_port
from tests.web import ROOT

SHIPPED = ROOT / "deploy" / "nginx.conf"
UPSTREAM = ROOT / "deploy" / "upstream-one-machine.conf"
# Debian's package does not put it on everybody's PATH.
PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin"


def find_nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path=PLACES)


@contextlib.contextmanager
def nginx_before(web_port: int) -> Iterator[int]:
    """The port on which it answers, of the one-machine shape. Only ports and places differ from the shipped files."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="jmk-nginx-") as folder:
        command = [find_nginx() or "nginx", "-c", str(_written(Path(folder), port, web_port)), "-p", folder]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _written(folder: Path, port: int, web_port: int) -> Path:
    upstream = UPSTREAM.read_text().replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{web_port};")
    inside = upstream + SHIPPED.read_text().replace(
        "include /etc/nginx/jiamenkou/listen.conf;", f"listen 127.0.0.1:{port};"
    )
    inside = re.sub(r"/var/(cache|log)/nginx/", f"{folder}/", inside)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    as_root = "user root;" if os.geteuid() == 0 else ""  # else the workers could not write to the folder
    whole.write_text(
        f"{as_root} daemon off; worker_processes 1; pid {folder}/pid; error_log /dev/null;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{\n{temporary}\n{inside}\n}}\n"
    )
    return whole


def _wait(port: int, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nginx on port {port} does not answer.")
