"""Idempotent creation: a row whose idempotency key, a unique column, comes with the form.

What a client chooses is 32 hex digits and nothing else (`read_key`). Keys with another spelling (`ticket:9`) are the
server's own: no client can send one, and so take the place of a row that is still to be made.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.ui.errors import RuleBroken, constraint_of, explain

Made = TypeVar("Made")
TRIES = 6
UUID_PATTERN = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
_UUID = re.compile(UUID_PATTERN)


class KeyReused(RuleBroken):
    """The form's key belongs to an earlier row about something else."""

    message = _("这张表已经用过了。请从头再来一次。")
    code = "key_reused"


def new_key() -> str:
    return uuid.uuid4().hex


def read_key(given: Any) -> str | None:
    """32 hex digits, of a UUID also with its dashes and in capitals; None for anything else."""
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        return None
    return given.replace("-", "").lower()


def key_of(given: str) -> str:
    """The idempotency key that a form sent back; a new one if it is missing or malformed."""
    return read_key(given) or new_key()


def make_once(make: Callable[[], Made], find: Callable[[], Made | None], *, drawn: str = "") -> Made:
    """Call `make` in a transaction; if it fails and `find` finds an earlier row with the same key, return that one.

    `find` runs only after a failure: nearly every key comes once, and of two concurrent requests the unique constraint
    refuses one. It runs after any failure, because the earlier row may be the reason (it took the last place).

    `drawn` names the unique constraint of a value that `make` draws at random, such as a code: on a collision `make`
    runs again, up to TRIES times. Raises what `make` and `find` raise; an IntegrityError as RuleBroken (`explain`).
    """
    for is_last in (*[False] * (TRIES - 1), True):
        try:
            with transaction.atomic():
                return make()
        except (IntegrityError, RuleBroken) as refusal:
            # Outside of the transaction, since PostgreSQL runs no query in a failed one.
            earlier = find()
            if earlier is not None:
                return earlier
            if isinstance(refusal, RuleBroken):
                raise
            if is_last or not (drawn and _breaks(refusal, drawn)):
                raise explain(refusal) from refusal
    raise AssertionError("the last try returns or raises")


def _breaks(refusal: IntegrityError, name: str) -> bool:
    constraint = constraint_of(refusal)
    return constraint is not None and constraint.name == name
