"""Walks over all pages: the numbers of 要您做的 are remembered there as in production, else each page composes them."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

REMEMBERED = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "to-do"}


@pytest.fixture(autouse=True, scope="module")
def numbers_are_remembered() -> Iterator[None]:
    with override_settings(CACHES=settings.CACHES | {"to-do": REMEMBERED}):
        yield
