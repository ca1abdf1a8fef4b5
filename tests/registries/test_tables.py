"""An app that joins has a line in every registry, and no older app knows of it."""

from pathlib import Path

from portal import registries
from tests.guestbook import tables
from tests.test_repository import ROOT, tracked


def test_the_guestbook_has_a_line_in_every_table():
    every = {name for name in vars(registries) if name.isupper()}
    assert {*tables.JOINING, "APP_URLS", "API_ROUTERS"} - {"RETENTION_DAYS"} == every


def test_no_older_app_names_it():
    knowing = {path for path in tracked("*.py", "*.html", "*.toml", ":!tests") if "guestbook" in path.read_text()}
    assert knowing == set()


def test_the_settings_hold_every_table(settings):
    assert [name for name in vars(registries) if name.isupper() and not hasattr(settings, name)] == []


def test_every_table_says_who_reads_it():
    """In the comment above it."""
    blocks = Path(ROOT / "portal/registries.py").read_text().split("\n\n")
    tables_said = [block for block in blocks if " = " in block]
    assert [block for block in tables_said if not (block.startswith("#") and "ead " in block)] == []
