"""Keys `prefix:pk` of what messages are about and for, like `appointment:12`, `resident:7`. Only parsed here."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from portal.ui.params import number


def key_of(prefix: str, pk: int) -> str:
    return f"{prefix}:{pk}"


def column_of(prefix: str) -> Concat:
    """`key_of` as an SQL expression, for the rows of a queryset."""
    return Concat(Value(f"{prefix}:"), Cast("pk", CharField()))


def parsed(key: str) -> tuple[str, int | None]:
    """`appointment:12` → ("appointment", 12). The pk is None if it is not a number."""
    prefix, _colon, pk = key.partition(":")
    return prefix, number(pk)


def pks_of(prefix: str, keys: set[str]) -> set[int]:
    """The primary keys of those keys that have the prefix."""
    return {pk for found, pk in map(parsed, keys) if found == prefix and pk is not None}
