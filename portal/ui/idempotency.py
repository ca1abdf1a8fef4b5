"""Making something once, however often it is asked for: its idempotency key is a unique column."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.ui.errors import RuleBroken, constraint_of, explain

Made = TypeVar("Made")
TRIES = 6


class KeyReused(RuleBroken):
    """The form has made something before, and now asks for something else."""

    message = _("这张表已经用过了。请从头再来一次。")
    code = "key_reused"


def new_key() -> str:
    return uuid.uuid4().hex


def key_of(given: str) -> str:
    """What a form was given when it was shown; one without a key, or with one not of ours, is a form of its own."""
    return given if given.isascii() and given.isalnum() and len(given) <= 32 else new_key()


def make_once(make: Callable[[], Made], find: Callable[[], Made | None], *, drawn: str = "") -> Made:
    """What `make` makes, in a transaction of its own, or what `find` finds by the key, made before.

    It is looked for after a refusal and not before: nearly every key comes once, and of two at the same moment one is
    refused by the constraint. Any refusal counts, since what was made before may itself be why this one was refused.

    `drawn` names the unique constraint of a value that `make` draws at random, such as a code: on one that is taken it
    is asked again. Raises what `make` and `find` raise, and what a constraint refuses as the RuleBroken that it means.
    """
    for is_last in (*[False] * (TRIES - 1), True):
        try:
            with transaction.atomic():
                return make()
        except (IntegrityError, RuleBroken) as refusal:
            # Rolled back by now, or PostgreSQL would not answer.
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
