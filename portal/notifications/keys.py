"""The opaque keys of messages, `appointment:12` and `resident:7`: built and parsed here and nowhere else."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from portal.ui.params import number


def key_of(prefix: str, pk: int) -> str:
    return f"{prefix}:{pk}"


def column_of(prefix: str) -> Concat:
    """The same in SQL, of each row of a queryset."""
    return Concat(Value(f"{prefix}:"), Cast("pk", CharField()))


def parsed(key: str) -> tuple[str, int | None]:
    """("appointment", 12) of `appointment:12`; a key of which the second half is no number has no pk."""
    prefix, _colon, pk = key.partition(":")
    return prefix, number(pk)


def pks_of(prefix: str, keys: set[str]) -> set[int]:
    """The numbers among these keys that have the prefix."""
    return {pk for found, pk in map(parsed, keys) if found == prefix and pk is not None}
