"""Runs on_commit hooks in tests that never commit."""

import pytest


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """`with commit():` runs the on_commit hooks at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
