"""Searching for a masked number or name by what its mask shows, so that a search tells no more than the list does.

`phone__number_seen="13800005678"` finds every 138****5678, `"5678"` every ****5678, and digits that the mask hides are
not compared. `name_key__name_seen="王桂兰"` finds every 王*兰, `"王"` every 王. portal.ui.columns registers them.
"""

from django.db.models import Lookup, Value
from django.db.models.functions import Left, Length, Right
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.db.models.sql.where import WhereNode

from portal.ui import names, words

# Of a mobile number, as words.masked_phone shows it: 138****5678.
FIRST, LAST, WHOLE = 3, 4, 11
# words.masked_name has one star for a name of three, and two for all that are longer.
LONG = 4


def shows_number(phone: str, typed: str) -> bool:
    """What number_seen asks of a column, of a number at hand."""
    digits = words.digits(typed)
    if not digits or len(phone) < FIRST + LAST:
        return False
    return phone.endswith(digits[-LAST:]) and (len(digits) < WHOLE or phone.startswith(digits[:FIRST]))


def shows_name(key: str, typed: str) -> bool:
    """What name_seen asks of a column, of a name's key at hand."""
    asked = _bare(typed)
    if len(asked) < 2:
        return bool(asked) and key[:1] == asked
    alike = key[:1] == asked[0] and min(len(key), LONG) == min(len(asked), LONG)
    return alike and (len(asked) == 2 or key[-1] == asked[-1])


def _bare(typed: str) -> str:
    key = names.key(typed)
    return names.without_signs(key) or key


class _Seen(Lookup):
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        return compiler.compile(WhereNode(self.conditions(str(self.rhs)), connector="AND"))

    def conditions(self, typed: str) -> list[Lookup]:
        raise NotImplementedError


class NumberSeen(_Seen):
    """Fewer digits than a whole number are compared with the last four only."""

    lookup_name = "number_seen"

    def conditions(self, typed: str) -> list[Lookup]:
        digits = words.digits(typed)
        last = digits[-LAST:]
        found: list[Lookup] = [
            GreaterThanOrEqual(Length(self.lhs), Value(FIRST + LAST)),
            Exact(Right(self.lhs, len(last) or 1), Value(last)),
        ]
        return [*found, Exact(Left(self.lhs, FIRST), Value(digits[:FIRST]))] if len(digits) >= WHOLE else found


class NameSeen(_Seen):
    """Of the key of a name: its first and last character, and whether it has two, three or more."""

    lookup_name = "name_seen"

    def conditions(self, typed: str) -> list[Lookup]:
        key = _bare(typed)
        first: Lookup = Exact(Left(self.lhs, 1), Value(key[:1]))
        if len(key) < 2:
            return [first]
        length = GreaterThanOrEqual if len(key) >= LONG else Exact
        found = [first, length(Length(self.lhs), Value(min(len(key), LONG)))]
        return found if len(key) == 2 else [*found, Exact(Right(self.lhs, 1), Value(key[-1]))]
