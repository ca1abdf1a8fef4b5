"""Columns that say who did something."""

from django.conf import settings
from django.db import models


def who(words, **more) -> models.ForeignKey:
    """An account, which stays as long as the row does and does not know of it unless `related_name` says so."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=words, **{"related_name": "+"} | more
    )


def who_if_any(words, **more) -> models.ForeignKey:
    """Nobody yet, or somebody without an account."""
    return who(words, null=True, blank=True, **more)
