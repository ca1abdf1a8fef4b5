"""Layers point down only: in imports (held by import-linter) and in foreign keys (which it cannot see).

Within a layer modules form no import circle, and files are named for the subject or the role that they have.
"""

import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

from tests import imports

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
ROOT_PACKAGES = sorted({app.partition(".")[0] for layer in LAYERS for app in layer})

# A file of one of these roles has this name alone: a second of them in a folder is a second subject.
ROLES = "models|services|forms|views|messages|urls|admin|invariants|retention|evidence|access"
SAYS_NOTHING = "utils|helpers|mixins|constants|signals"
TWO_SUBJECTS = f"({ROLES})_.+|.+_({ROLES})"


def our_apps() -> list[AppConfig]:
    """The portal's own; not tests.guestbook, which joins it in the test run."""
    return [
        config
        for config in apps.get_app_configs()
        if Path(config.path) == settings.BASE_DIR / as_path(config.name) and not config.name.startswith("tests.")
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

    assert [name for name in imports.names(path) if name.startswith(below)] == []


def test_no_import_cycle():
    found = imports.circles(imports.graph(settings.BASE_DIR, ROOT_PACKAGES))

    assert [sorted(circle) for circle in found] == []


def test_a_circle_is_found_and_only_that():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"f"}, "f": {"e", "a"}}

    assert imports.circles(graph) == {frozenset("bc"), frozenset("ef")}


def test_imports_in_functions_for_type_checks_and_relative_ones_count(tmp_path):
    for name, source in {
        "shop/__init__.py": "",
        "shop/till.py": "import os\nfrom shop.goods import shelf\n",
        "shop/goods/__init__.py": "SOLD = True\n",
        "shop/goods/shelf.py": "def count():\n    from ..office import audit\n",
        "shop/office.py": "if TYPE_CHECKING:\n    import shop.till\nfrom shop.goods import SOLD\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)

    graph = imports.graph(tmp_path, ["shop"])

    assert graph["shop.office"] == {"shop.till", "shop.goods"}
    assert imports.circles(graph) == {frozenset({"shop.till", "shop.goods.shelf", "shop.office"})}


def test_no_file_has_a_name_that_says_nothing_of_what_is_in_it():
    paths = [path for package in [*ROOT_PACKAGES, "benchmarks", "tests"] for path in python_files(package)]

    assert named(SAYS_NOTHING, paths) + named("urls_.+", paths) == []


def test_a_subject_of_appointments_uses_the_names_of_the_roles_and_no_variants_of_them():
    assert named(TWO_SUBJECTS, python_files("appointments")) == []


def test_names_that_say_nothing_and_variants_of_roles_are_told_from_others():
    paths = [Path(f"{name}.py") for name in ("cases/utils", "urls_cases", "case_messages", "views", "cases/may_rate")]

    assert named(SAYS_NOTHING, paths) == ["cases/utils.py"]
    assert named(TWO_SUBJECTS, paths) == ["urls_cases.py", "case_messages.py"]


def python_files(package: str) -> list[Path]:
    root = settings.BASE_DIR
    return [path.relative_to(root) for path in (root / package).rglob("*.py") if path.parent.name != "migrations"]


def named(pattern: str, paths: list[Path]) -> list[str]:
    return [str(path) for path in paths if re.fullmatch(pattern, path.stem)]


def test_every_module_that_mypy_is_to_judge_exists():
    (override,) = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    known = imports.graph(settings.BASE_DIR, ROOT_PACKAGES)

    assert [name for name in override["module"] if not fnmatch.filter(known, name)] == []
