"""From an empty database to an anonymous booking in every village of a division list, by `init` and pages only.

`python -m benchmarks.opening FILE [--county CODE]` prints each step with its seconds. The database is a file of
its own, which is removed at the end; DATABASE_URL names another, empty one.
"""

import argparse
import io
import os
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

STEPS: list[tuple[str, float]] = []


@contextmanager
def step(title: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    STEPS.append((title, time.monotonic() - started))
    print(f"{len(STEPS)}. {title}: {STEPS[-1][1]:.1f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--county")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/opening.sqlite3")
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
        os.environ |= {"DEBUG": "0", "SITE_URL": "http://testserver", "ALLOWED_HOSTS": "testserver"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        import django

        django.setup()
        return play(given.file, given.county)


def play(file: Path, county: str | None) -> int:
    from allauth.mfa.totp.internal import auth
    from django.core.management import call_command
    from django.test import Client

    password = secrets.token_urlsafe(16)
    options = ["--no-input", "--password-stdin", "--username", "chief", "--name", "陈明", "--divisions", str(file)]
    with step("manage.py migrate"):
        call_command("migrate", verbosity=0)
    with step("manage.py init"):
        sys.stdin = io.StringIO(f"{password}\n")
        call_command("init", *options, *(["--county", county] if county else []))
    chief = Client()
    with step("sign in, second factor"):
        chief.post("/accounts/login/", {"login": "chief", "password": password})
        chief.get("/accounts/2fa/totp/activate/")
        secret = chief.session["mfa.totp.secret"]
        counter = next(iter(auth.yield_hotp_counters_from_time()))
        code = auth.format_hotp_value(auth.hotp_value(secret, counter))
        chief.post("/accounts/2fa/totp/activate/", {"code": code})
    with step("open a center for every village"):
        ticks = re.findall(r'name="village" value="(\d+)"', chief.get("/manage/opening/centers/").content.decode())
        chosen = {"village": ticks}
        chief.post("/manage/opening/centers/", chosen)
        chief.post("/manage/opening/centers/", chosen | {"agreed": "1"})
    page = chief.get("/manage/opening/?all=1").content.decode()
    codes = list(dict.fromkeys(re.findall(r'href="/centers/(\d{12})/"', page)))
    with step("the days of centers that were not made at once"):
        call_command("dispatch", once=True, verbosity=0)
    with step(f"an anonymous booking at each of {len(codes)} centers"):
        # Each from a network of its own, as the number of bookings from one is limited.
        booked = sum(book(Client(REMOTE_ADDR=f"10.{at // 256}.{at % 256}.1"), code) for at, code in enumerate(codes))
    print(f"{booked} of {len(codes)} centers booked; {sum(seconds for _title, seconds in STEPS):.0f} s in all")
    return 0 if booked == len(codes) > 0 else 1


def book(anybody, code: str) -> bool:
    """As a villager does, by the links of each page."""
    from django.utils import timezone

    page = anybody.get(f"/centers/{code}/book/").content.decode()
    if not (item := re.search(rf'href="(/centers/{code}/book/[\w-]+/)"', page)):
        return False
    days = [None, *(timezone.localdate() + timedelta(days=ahead) for ahead in range(1, 8))]
    pages = (anybody.get(item[1], {"day": day.isoformat()} if day else {}).content.decode() for day in days)
    slot = next((found for page in pages if (found := re.search(rf'href="({item[1]}\d+/)[^"]*"', page))), None)
    if slot is None:
        return False
    form = anybody.get(slot[1]).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    typed = {"name": "王桂兰", "phone": f"1380000{secrets.randbelow(10000):04d}", "party_size": "1"}
    return anybody.post(slot[1], hidden | typed).status_code == 302


if __name__ == "__main__":
    raise SystemExit(main())
