"""Keeps the web server answering: starts it, asks it for /healthz, and starts it anew when it is gone or silent.

    python -I deploy/watch.py --port 8000 -- granian --port 8000 ... portal.wsgi:application

The web server's own respawn sees workers that ended, and not those that hang, nor its own end. Only an answer shows
that people are answered, so that is asked for every half second; any answer counts, also a refusal. While a worker is
alive, silence may mean that all its threads wait for the database: it is left alone for longer than any statement may
take. The image and the systemd unit start the web server through this. SIGTERM is passed on, so that it ends as gently
as alone.
"""

import argparse
import contextlib
import glob
import http.client
import os
import signal
import subprocess
import sys
import time

EVERY = 0.5
PAUSE = 0.2  # before it is started again, so that one that cannot start does not fill the log


class Watch:
    def __init__(self, command: list[str], port: int, patience: float, busy: float, start: float) -> None:
        self.command, self.port, self.patience, self.busy, self.start = command, port, patience, busy, start
        self.server: subprocess.Popen | None = None
        self.is_ending = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        while not self.is_ending:
            self.server = subprocess.Popen(self.command, start_new_session=True)
            if self.is_ending:
                self.server.terminate()
            why = self.wait_for_fault(self.server)
            if self.is_ending:
                break
            print(f"watch: {why}, starting the web server again", file=sys.stderr, flush=True)
            self.kill(self.server)
            time.sleep(PAUSE)
        ended = self.server.wait() if self.server else 0
        if self.server:
            self.kill(self.server)  # workers that it left behind
        return ended

    def end(self, *_signal) -> None:
        self.is_ending = True
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()

    def wait_for_fault(self, server: subprocess.Popen) -> str:
        """Until it ended or was silent for too long; at the start it may take longer until it answers first."""
        began, has_answered = time.monotonic(), False
        answered = began
        while server.poll() is None and not self.is_ending:
            left = (self.busy if has_worker(server.pid) else self.patience) if has_answered else self.start
            if is_answered(self.port, self.patience):
                answered, has_answered = time.monotonic(), True
            elif time.monotonic() - answered >= left:
                return f"no answer for {left:g} s"
            time.sleep(EVERY)
        return f"it ended with {server.poll()}"

    @staticmethod
    def kill(server: subprocess.Popen) -> None:
        """With all its workers, which hold the port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def has_worker(pid: int) -> bool:
    """Whether a child of the web server is alive and not stopped; True where /proc does not tell (Linux only)."""
    listed = glob.glob(f"/proc/{pid}/task/*/children")
    if not listed:
        return True
    children = {child for path in listed for child in read(path).split()}
    return any(
        read(f"/proc/{child}/stat").rpartition(") ")[2][:1] not in ("", "Z", "X", "T", "t")
        for child in children
        if "resource_tracker" not in read(f"/proc/{child}/cmdline")  # of multiprocessing, answers nobody
    )


def read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def is_answered(port: int, seconds: float) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        # As if over https, so that it is not redirected there.
        connection.request("GET", "/healthz", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--patience", type=float, default=4, help="seconds of silence without a worker; 4 by default")
    parser.add_argument("--busy", type=float, default=30, help="seconds of silence with one; 30 by default")
    parser.add_argument("--start", type=float, default=60, help="seconds that a start may take; 60 by default")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    return Watch(given.command, given.port, given.patience, given.busy, given.start).run()


if __name__ == "__main__":
    sys.exit(main())
