"""Row locks: the bare rows by their keys, then read. The only code that locks rows (docs/decisions/0034).

A SELECT … FOR UPDATE of PostgreSQL that has waited for another transaction looks at the locked row again as that one
has left it, but at everything beside it (joined rows, subqueries) as it stood when the statement began. Of a row whose
foreign key has changed meanwhile, an inner join finds nothing and an outer join nobody: who took a case over at the
same moment as somebody else got an error page. So a statement that locks names keys and nothing else, and what is
decided on is read by a statement of its own, which begins when the lock is held. A conditional UPDATE likewise has its
conditions on columns of its own table: those in a subquery are not asked again.

SQLite has no row locks and needs none: its write transactions are serialized from their first statement.
"""

from collections.abc import Collection
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import QuerySet

Row = TypeVar("Row", bound=models.Model)

ROWS_AT_ONCE = 500


def lock(model: type[models.Model], pks: Collection[int], *, no_key: bool = False) -> None:
    """Lock these rows until the end of the transaction, in the order of their keys; passes over those that are gone.

    With `no_key`, others may go on inserting rows that point at them (FOR NO KEY UPDATE).
    Raises TransactionManagementError outside of a transaction.
    """
    connection = transaction.get_connection(DEFAULT_DB_ALIAS)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a lock outside of a transaction is over at once")
    if not connection.features.has_select_for_update:
        return
    ordered = sorted(set(pks))
    for at in range(0, len(ordered), ROWS_AT_ONCE):
        bare = model._base_manager.filter(pk__in=ordered[at : at + ROWS_AT_ONCE]).order_by("pk")
        list(bare.select_for_update(no_key=no_key).values_list("pk"))


def locked(rows: QuerySet[Row], pk: int, *, no_key: bool = False) -> Row:
    """The row of `rows` with this key, locked and as it is now. Raises DoesNotExist if it is not one of them now."""
    lock(rows.model, [pk], no_key=no_key)
    return rows.get(pk=pk)


def all_locked(rows: QuerySet[Row], *, no_key: bool = False) -> list[Row]:
    """What `rows` finds, locked and as it is now, in the order of `rows`. What is not among them any more is left out.

    A row that has come to `rows` since it was looked for is not locked, and left out as well.
    """
    pks = list(rows.order_by().values_list("pk", flat=True))
    lock(rows.model, pks, no_key=no_key)
    return list(rows.filter(pk__in=pks))
