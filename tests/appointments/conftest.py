"""What happens after a commit, for tests that never commit."""

import pytest


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """`with commit():` what waits for the commit runs at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
