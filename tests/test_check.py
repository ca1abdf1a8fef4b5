"""`make check` finds the tests that lie nearest to a change; CI judges all looks when what they show has changed."""

import pytest

from tests import changes, check


@pytest.mark.parametrize(
    ("changed", "test"),
    [
        ("portal/notifications/retries.py", "tests/notifications/test_retries.py"),  # it imports it
        ("portal/health.py", "tests/test_health.py"),  # it asks for its address
        ("templates/base.html", "tests/ui/test_language.py"),  # it asks for a page that is made with it
        ("tests/cast.py", "tests/centers/duty/test_rota.py"),  # its fixtures reach every folder
        ("docs/domain.md", "tests/test_docs.py"),  # it reads it
        ("centers/duty/invariants.py", "tests/operations/test_invariants.py"),  # it reads the setting that names it
        ("appointments/cases/evidence.py", "tests/centers/duty/test_presence.py"),
        ("portal/registries.py", "tests/dashboards/test_oversight.py"),
    ],
)
def test_a_change_leads_to_its_tests(changed, test):
    assert test in check.nearest({changed})


def test_what_names_a_file_comes_before_what_reaches_it_by_way_of_others():
    steps = check.steps_to({"portal/ui/words.py"})

    assert steps["tests/ui/test_words.py"] == 1
    assert max(steps.values()) > 1


@pytest.mark.parametrize(
    ("changed", "does"),
    [
        ({"templates/base.html", "docs/domain.md"}, True),
        ({"templates_old/base.html", "docs/domain.md"}, False),
        (set(), False),
        (None, True),  # nobody can tell
    ],
)
def test_looks_are_judged_when_what_they_show_changed(changed, does):
    assert changes.touches(changed, ["templates", "static"]) is does
