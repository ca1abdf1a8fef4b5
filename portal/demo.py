"""`make demo`: web server and dispatcher with demo data on SQLite, in one terminal until Ctrl-C.

Uses production's settings and web server. Its clock is ahead of the machine's outside working hours, so that the center
is open whenever somebody looks (portal.clock).
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.clock import AheadFile

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
CLOCK = VAR / "demo.clock"
SEEN_EVERY = 20  # seconds
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")


def main() -> int:
    if in_use(int(PORT)):
        print(f"Port {PORT} is in use. Choose another: PORT=8001 make demo", file=sys.stderr)
        return 1
    # SIGTERM ends the demo the same way as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    configure()
    try:
        prepare()
        return serve()
    except KeyboardInterrupt:
        return 0


def configure() -> None:
    VAR.mkdir(exist_ok=True)
    os.environ.update(DEBUG="0", DEMO="1", DEMO_CLOCK=str(CLOCK), DJANGO_SETTINGS_MODULE="portal.settings")
    os.environ.setdefault("SECRET_KEY", persistent_secret())
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{VAR}/demo.sqlite3")
    # Nobody gets an SMS or a call from the demo: both go into var/outbox.jsonl.
    for channel in ("SMS", "VOICE"):
        if not os.environ.get(f"{channel}_URL"):
            os.environ.setdefault(f"{channel}_ADAPTER", "portal.notifications.channels.outbox.FileOutbox")
    os.environ.setdefault("SITE_URL", f"http://localhost:{PORT}")
    if HOST != "127.0.0.1":
        # When served to a network, the host name is not known here.
        os.environ.setdefault("ALLOWED_HOSTS", "*")


def persistent_secret() -> str:
    """SECRET_KEY stored in the checkout: a new one on each start would end all sessions."""
    path = VAR / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def prepare() -> None:
    import django
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    start_clock()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not get_user_model().objects.exists():
        print("Building a village to look at …", flush=True)
        # Atomic: half-loaded demo data would not be completed by the next run.
        with transaction.atomic():
            call_command("load_demo")


def start_clock() -> None:
    """In working hours, and not before what the demo has shown already: what was booked then would lie ahead.

    While it did not run, it stood: a demo that is started every night does not get ahead of the calendar.
    """
    from portal.clock import AheadFile

    file, real = AheadFile(CLOCK), datetime.now(UTC)
    seen = file.last_seen()
    _set(file, max(real, seen + timedelta(seconds=SEEN_EVERY)) if seen else real, real)


def keep_clock() -> None:
    """It runs on; when its working day is over, the next one begins."""
    from portal.clock import AheadFile

    file, real = AheadFile(CLOCK), datetime.now(UTC)
    _set(file, real + file.ahead(), real)


def _set(file: "AheadFile", shown: datetime, real: datetime) -> None:
    from django.utils import timezone
    from django.utils.module_loading import import_string

    # Looked up by name: the project root imports no app.
    working_moment = import_string("portal.dashboards.demo.hours.working_moment")
    file.store(working_moment(timezone.localtime(shown)) - real, real)


def serve() -> int:
    """Run web server and dispatcher until one exits or Ctrl-C; then stop both."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", PORT]
    web += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "portal.wsgi:application"]
    dispatcher = [sys.executable, "manage.py", "dispatch"]
    # In process sessions of their own, so that Ctrl-C reaches this process only: a web server that gets SIGINT from
    # the terminal and SIGTERM from us at once leaves a worker behind.
    processes = [subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in (web, dispatcher)]
    try:
        if answers(f"http://{HOST}:{PORT}/healthz", processes):
            announce()
        seen = time.monotonic()
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
            if time.monotonic() - seen >= SEEN_EVERY:
                keep_clock()
                seen = time.monotonic()
        print("The web server or the dispatcher has ended; ending the demo.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        end(processes)


def answers(url: str, processes: list[subprocess.Popen], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and all(process.poll() is None for process in processes):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.2)
    return False


def announce() -> None:
    from django.conf import settings
    from django.utils import timezone

    now = timezone.localtime()
    print(f"\n  家门口  {settings.SITE_URL}\n\n  演示里现在是{now.month}月{now.day}日 {now:%H:%M}")
    print(f"\n  Logins, all with the password {settings.DEMO_PASSWORD}:")
    for username, who in settings.DEMO_LOGINS.items():
        print(f"    {username:<10}{who}")
    print("\n  Ctrl-C ends everything; your data stays. `make demo-reset` starts over.\n", flush=True)


def end(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # remaining child processes


def in_use(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


if __name__ == "__main__":
    sys.exit(main())
