"""Layers point down only: in imports (held by import-linter) and in foreign keys (which it cannot see)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

# From the top; apps of one layer are siblings and do not know each other.
LAYERS = [
    {"portal.dashboards"},
    {"assessments"},
    {"appointments", "activities"},
    {"centers"},
    {"portal.notifications"},
    {"portal.accounts"},
    {"portal.ui"},
]


def our_apps() -> list[AppConfig]:
    return [
        config for config in apps.get_app_configs() if Path(config.path) == settings.BASE_DIR / as_path(config.name)
    ]


def as_path(name: str) -> str:
    return name.replace(".", "/")


def depth(app: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if app in layer)


def our_models() -> list[type[Model]]:
    return [model for config in our_apps() for model in config.get_models()]


def test_every_app_has_a_layer():
    assert {config.name for config in our_apps()} <= set.union(*LAYERS)


def test_imports_point_down_only():
    # In a process of its own: it sets up logging for itself, which silences every logger that this one already has.
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    judged = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_relations_point_down_only(model):
    ours = {config.name for config in our_apps()}
    mine = model._meta.app_config.name

    targets = {
        (field.name, field.related_model._meta.app_config.name)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
    }
    upward = {(name, app) for name, app in targets if app in ours and app != mine and depth(app) <= depth(mine)}
    assert upward == set()


def test_portal_owns_what_lies_above_and_below_the_apps_and_dashboards_own_no_models():
    assert list(apps.get_app_config("dashboards").get_models()) == []
    assert list(apps.get_app_config("ui").get_models()) == []


@pytest.mark.parametrize("path", sorted((settings.BASE_DIR / "portal").glob("*.py")), ids=lambda path: path.name)
def test_the_root_of_the_project_imports_no_app(path):
    below = tuple(set.union(*LAYERS))

    assert [name for name in imported(path) if name.startswith(below)] == []


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
