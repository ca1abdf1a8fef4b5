"""Conventions of the repository, checked by tests."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.test_architecture import our_apps, our_models

ROOT = settings.BASE_DIR
TEMPLATES = ROOT / "templates"

# Model → why it needs no factory, or no page in the admin.
WITHOUT_FACTORY = {
    "accounts.Invitation": "tests let the portal print one, because its code is nowhere else",
    "accounts.LoginCode": "tests let the portal send one, as a person would",
    "accounts.Throttle": "tests fill the counter by trying too often",
}
WITHOUT_ADMIN = {
    "accounts.Invitation": "a slip is printed on the member's page, which lists them",
    "accounts.LoginCode": "a sign-in code is nobody's to read",
    "accounts.Throttle": "counters that forget by themselves",
    "centers.DefaultHours": "a page of its own, for whoever opens centers",
    "centers.FormerCode": "shown on the page of its center",
    "centers.MemberChange": "shown on the page of its member",
    "centers.SheetFile": "names people; its uploader has the file",
    "centers.SheetPart": "names people; shown to its uploader",
    "notifications.Beat": "shown by /readyz",
}

LONGEST_MODULE = 350


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def complaints(paths: list[Path], *patterns: str) -> list[str]:
    """`file:line: text` for each line in which one of the patterns is found."""
    wrong = re.compile("|".join(patterns))
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), 1)
        if wrong.search(line)
    ]


# Models


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_has_a_factory(model):
    assert model in models_with_a_factory() or model._meta.label in WITHOUT_FACTORY


def models_with_a_factory() -> set[type]:
    factories = importlib.import_module("tests.factories")
    modules = [factories] + [
        importlib.import_module(module.name) for module in pkgutil.walk_packages(factories.__path__, "tests.factories.")
    ]
    return {
        thing._meta.model
        for module in modules
        for thing in vars(module).values()
        if hasattr(thing, "_meta") and thing._meta.model
    }


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_has_an_admin(model):
    assert admin.site.is_registered(model) or model._meta.label in WITHOUT_ADMIN


# Migrations


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_has_a_name_of_its_own():
    assert [path.name for path in tracked("*/migrations/*.py") if "_auto_" in path.name] == []


@pytest.mark.django_db
def test_every_migration_of_data_can_be_taken_back():
    ours = {config.label for config in our_apps()}
    migrations = MigrationLoader(connection).disk_migrations

    assert [
        str(migration)
        for (app, _), migration in migrations.items()
        for operation in migration.operations
        if app in ours and not operation.reversible
    ] == []


# The whole tree


def test_no_module_is_too_long_to_read():
    lengths = {path: len(path.read_text().splitlines()) for path in tracked("*.py", ":!*/migrations/*")}

    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    # The character classes keep this file from finding itself.
    assert (
        complaints(
            tracked(":!*.md", ":!.ci/*"),
            r"--(extra-)?[i]ndex-url",
            r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs",
            r"(^|[\s\"'=:(])/(work|root|home|opt)/[a-z]",
        )
        == []
    )


def test_nothing_unfinished_is_left():
    assert (
        complaints(tracked("*.py", "*.html", "*.js", ":!tests"), r"\b(TO[D]O|FIX[M]E|X[X]X)\b", "敬请[期]待|待实[现]")
        == []
    )


def deployment_checks(**changes: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment |= {
        "SECRET_KEY": "long-enough-and-not-the-one-of-any-real-site-0123456789-abcdef",
        "SITE_URL": "https://jiamenkou.example",
        "ALLOWED_HOSTS": "jiamenkou.example",
        "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": f"sqlite:///{settings.TEST_FOLDER}/deploy.sqlite3",
        "SMS_URL": "https://sms.example/send",
        "VOICE_URL": "https://voice.example/call",
        **changes,
    }
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return checked


def test_a_production_site_passes_the_deployment_checks(tmp_path):
    (tmp_path / "staticfiles.json").touch()
    checked = deployment_checks(STATIC_ROOT=str(tmp_path))
    assert checked.returncode == 0, checked.stderr


def test_they_name_the_command_that_collects_the_static_files(tmp_path):
    checked = deployment_checks(STATIC_ROOT=str(tmp_path))
    assert checked.returncode != 0
    assert "collectstatic" in checked.stderr


def test_they_say_loudly_which_channel_nobody_sends_for():
    checked = deployment_checks(VOICE_URL="")
    assert checked.returncode != 0
    assert ("portal.W002" in checked.stderr, "portal.W001" in checked.stderr) == (True, False)
