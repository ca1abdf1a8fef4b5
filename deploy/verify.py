"""Whether people are answered, by the way that they come: through the proxy of this machine. Exits with 1 if not.

    .venv/bin/python -I deploy/verify.py https://jiamenkou.example

Asks 127.0.0.1 in the name of that address, so that it needs no DNS, and does not judge the certificate.
"""

import http.client
import json
import re
import ssl
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

MANIFEST = Path(__file__).resolve().parent.parent / "staticfiles" / "staticfiles.json"
COLLECT = "static files are missing, and the admin answers 500: jiamenkou collectstatic --noinput"
LOGS = "see journalctl -u jiamenkou-web"
PATIENCE = 60  # seconds for the web server to start


class Site:
    def __init__(self, address: str) -> None:
        url = urlsplit(address)
        self.host, self.is_tls = url.netloc, url.scheme == "https"
        self.port = url.port or (443 if self.is_tls else 80)

    def get(self, path: str, port: int | None = None) -> tuple[int, str]:
        """Status and body; status 0 where nobody answers. Plain HTTP at a port that is given."""
        unverified = ssl._create_unverified_context()  # a certificate for a try is signed by nobody
        tls = self.is_tls and port is None
        connection = (
            http.client.HTTPSConnection("127.0.0.1", self.port, timeout=15, context=unverified)
            if tls
            else http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=15)
        )
        try:
            connection.request("GET", path, headers={"Host": self.host})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while self.get("/healthz")[0] != 200 and time.monotonic() < until:
            time.sleep(0.5)


def faults(site: Site) -> list[str]:
    """What is wrong, each with what to do."""
    site.wait()
    status, said = site.get("/readyz")
    if status != 200:
        return [f"/readyz answers {status or said}, not 200: {LOGS}"]
    found = []
    status, page = site.get("/")
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    if status != 200 or not styles:
        found.append(f"the first page answers {status}: {LOGS}")
    found += [f"{path} is not there: {LOGS}" for path in styles if site.get(path)[0] != 200]
    found += _static(site)
    if site.is_tls and site.get("/", port=80)[0] != 301:
        found.append("http:// does not lead to https://: nginx -t")
    return found


def _static(site: Site) -> list[str]:
    try:
        path = json.loads(MANIFEST.read_text())["paths"]["admin/css/base.css"]
    except (OSError, KeyError):
        return [COLLECT]
    return [] if site.get(f"/static/{path}")[0] == 200 else [COLLECT]


if __name__ == "__main__":
    site = Site(sys.argv[1])
    wrong = faults(site)
    for fault in wrong:
        print(f"  not right: {fault}", file=sys.stderr)
    sys.exit(bool(wrong))
