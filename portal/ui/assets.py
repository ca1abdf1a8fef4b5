"""Bundles: one stylesheet and one script per page, concatenated from small files without a build step.

Slow connections pay for every request, so the files of `static/css` are concatenated in a fixed order at process start
and served under a URL with their content hash: cached for a year (immutable), with cache busting on change. With DEBUG
they are read for each page. Not WhiteNoise's hashed names, which exist only after `collectstatic`: this works the same
in a fresh checkout, in tests and in production.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from django.conf import settings

# CSS in cascade order: tokens first, print last.
BUNDLES = {
    "app.css": ("css/tokens.css", "css/base.css", "css/layout.css", "css/components/*.css", "css/print.css"),
    "app.js": ("js/app.js",),
    # Only for pages that include them.
    "api-docs.js": ("js/api-docs.js",),
    "desk.js": ("js/desk.js",),
    "screen.js": ("js/screen.js",),
    "duty.js": ("js/duty.js",),
    "icon.svg": ("img/icon.svg",),
    # For the day sheet, which works offline, and its service worker.
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
    """The bundle of that name. Raises KeyError when it is not in BUNDLES."""
    return _read(name) if settings.DEBUG else _cached(name)


@cache
def _cached(name: str) -> Bundle:
    return _read(name)


def _read(name: str) -> Bundle:
    root = Path(settings.BASE_DIR) / "static"
    parts = [path for pattern in BUNDLES[name] for path in sorted(root.glob(pattern))]
    text = "".join(path.read_text() for path in parts)
    shorter = {"css": _without_comments, "js": _without_comment_lines}.get(name.rpartition(".")[2], str)
    body = shorter(text).encode()
    return Bundle(name, body, gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:12])


def _without_comments(css: str) -> str:
    """Nor the space around braces and semicolons, and after the colon of a declaration."""
    bare = re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return re.sub(r"(?<=[{;])([\w-]+): ", r"\1:", re.sub(r"\s*\n\s*", "\n", bare)).strip()


def _without_comment_lines(js: str) -> str:
    return re.sub(r"(?m)^\s*//.*\n", "", js)
