"""What an import has written, as it is stored to undo it: each row with its columns before and afterwards."""

import hashlib
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from centers.importing.writing import Planned, columns_of

LIST = "list:"  # in front of the name of a many-to-many field


class Change(NamedTuple):
    """`before` is None for a new row, `after` for one that is gone.

    Of a new row `after` is the digest of its columns; of a changed one both hold what differs, `list:groups` the keys
    of a many-to-many field.
    """

    model: str
    pk: int
    before: dict[str, Any] | None
    after: dict[str, Any] | str | None


def changes_of(planned: Planned) -> list[Change]:
    """One, or none if a row that stood is as it was."""
    instance = planned.instance
    if planned.before is None:
        return [created(instance)]
    was = {name: plain(value) for name, value in planned.before.items()}
    is_now = {name: plain(value) for name, value in columns_of(instance).items()}
    for name, rows in planned.lists.items():
        was[LIST + name] = sorted(planned.lists_before.get(name, []))
        is_now[LIST + name] = sorted(one.pk for one in rows)
    names = [name for name in is_now if was.get(name) != is_now[name]]
    if not names:
        return []
    return [
        Change(
            instance._meta.label_lower, instance.pk, {name: was[name] for name in names}, {n: is_now[n] for n in names}
        )
    ]


def created(instance: models.Model) -> Change:
    return Change(instance._meta.label_lower, instance.pk, None, digest(instance))


def removed(instance: models.Model) -> Change:
    stored = {name: plain(value) for name, value in columns_of(instance).items()}
    return Change(instance._meta.label_lower, instance.pk, stored, None)


def digest(instance: models.Model) -> str:
    """Of all columns, so that a later change of any is noticed."""
    stored = {name: plain(value) for name, value in columns_of(instance).items()}
    return hashlib.blake2b(json.dumps(stored, sort_keys=True).encode(), digest_size=8).hexdigest()


def plain(value: Any) -> Any:
    """As JSON takes it, and the same whether it was just set or read again."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    return value
