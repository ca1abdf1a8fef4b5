"""One stylesheet and one script a page, joined from small files without a build step.

A village line pays for every request, so the small files of `static/css` are joined in a fixed
order when the process starts, and served under the digest of their content: the answer may be
kept for a year, and a changed file has a new address. With DEBUG the files are read anew for each
page. WhiteNoise was not used for these because its hashed names exist only after `collectstatic`:
this works the same in a fresh checkout, in tests and in production.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from django.conf import settings

# In cascade order: numbers first, paper last.
BUNDLES = {
    "app.css": ("css/tokens.css", "css/base.css", "css/layout.css", "css/components/*.css", "css/print.css"),
    "app.js": ("js/app.js",),
    # For the pages that name them only.
    "desk.js": ("js/desk.js",),
    "screen.js": ("js/screen.js",),
    "duty.js": ("js/duty.js",),
    "icon.svg": ("img/icon.svg",),
    # Of one page each: the day's sheet that works without a line, and what keeps it on the device.
    "sheet.css": ("css/sheet.css",),
    "sheet.js": ("js/sheet.js",),
    "worker.js": ("js/worker.js",),
}


@dataclass(frozen=True)
class Bundle:
    name: str
    body: bytes
    gzipped: bytes
    digest: str

    @property
    def content_type(self) -> str:
        return f"{guess_type(self.name)[0]}; charset=utf-8"


def bundle(name: str) -> Bundle:
    """The joined file; KeyError for a name that is not in BUNDLES."""
    return _read(name) if settings.DEBUG else _cached(name)


@cache
def _cached(name: str) -> Bundle:
    return _read(name)


def _read(name: str) -> Bundle:
    root = Path(settings.BASE_DIR) / "static"
    parts = [path for pattern in BUNDLES[name] for path in sorted(root.glob(pattern))]
    text = "".join(path.read_text() for path in parts)
    body = (_without_comments(text) if name.endswith(".css") else text).encode()
    return Bundle(name, body, gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:12])


def _without_comments(css: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()
