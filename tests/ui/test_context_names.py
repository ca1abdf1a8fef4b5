"""What context processors give to the layout has names that no view uses for anything of its own."""

import re

from django.conf import settings
from django.test import RequestFactory
from django.utils.module_loading import import_string

from tests.test_repository import ROOT, tracked

OURS = [path for path in settings.TEMPLATES[0]["OPTIONS"]["context_processors"] if not path.startswith("django.")]


def names() -> set[str]:
    request = RequestFactory().get("/")
    return {name for path in OURS for name in import_string(path)(request)}


def users_of(name: str) -> list[str]:
    """Modules with a context that has the name as a key, without the processors and what stands in for them."""
    key = re.compile(rf'^\s*"{name}": ', re.MULTILINE)
    views = tracked(
        "*/views.py", "*/views/*.py", "portal/dashboards/*.py", "*/asking.py", "*/slip.py", "*/answering.py"
    )
    return [str(path.relative_to(ROOT)) for path in views if key.search(path.read_text())]


def test_no_view_has_a_variable_of_the_layout():
    assert {name: users_of(name) for name in names() if users_of(name)} == {}


def test_control_a_name_that_views_use_is_found():
    assert users_of("kept")
