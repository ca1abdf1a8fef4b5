"""The guestbook has an entry in every registry, and no other app knows of it."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.module_loading import import_string

from portal import registries
from tests.guestbook import tables
from tests.test_repository import ROOT, tracked


def test_the_guestbook_has_an_entry_in_every_table():
    every = {name for name in vars(registries) if name.isupper()}
    assert {*tables.JOINING, "APP_URLS", "API_ROUTERS"} - {"RETENTION_DAYS"} == every


def test_no_other_app_mentions_it():
    knowing = {path for path in tracked("*.py", "*.html", "*.toml", ":!tests") if "guestbook" in path.read_text()}
    assert knowing == set()


def test_every_table_is_a_setting(settings):
    assert [name for name in vars(registries) if name.isupper() and not hasattr(settings, name)] == []


def test_the_comment_above_each_table_says_who_reads_it():
    blocks = Path(ROOT / "portal/registries.py").read_text().split("\n\n")
    tables_said = [block for block in blocks if " = " in block]
    assert [block for block in tables_said if not (block.startswith("#") and "ead " in block)] == []


@pytest.mark.parametrize(
    "name", [name for name in vars(registries) if name.isupper() and name not in ("APP_URLS", "MENU", "MANAGE")]
)
def test_every_dotted_path_can_be_imported(settings, name):
    paths = list(paths_in(getattr(settings, name)))
    assert paths
    assert all(import_string(path) for path in paths)


def test_every_urlconf_and_url_name_exists(settings):
    assert all(import_module(path).urlpatterns for path in settings.APP_URLS)
    tables = (*settings.MENU.values(), *settings.MANAGE.values())
    assert all(reverse(name) for entries in tables for name, *_words in entries)


def paths_in(table) -> Iterator[str]:
    """The dotted paths in a table, at any depth; other numbers and strings are skipped."""
    if isinstance(table, str) and "." in table:
        yield table
    elif isinstance(table, list | dict):
        for entry in table.values() if isinstance(table, dict) else table:
            yield from paths_in(entry)
