"""Lookups that pass over numbers that no column holds, as Django's others do. Registered by portal.ui.apps."""

from django.db.models import IntegerField
from django.db.models.lookups import In


class InRange(In):
    """`pk__in`: a choice of many is sent as numbers, of any size. Django has the database refuse them."""

    def process_rhs(self, compiler, connection):
        if self.rhs_is_direct_value():
            least, most = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            self.rhs = [one for one in self.rhs if not isinstance(one, int) or least <= one <= most]
        return super().process_rhs(compiler, connection)


def register() -> None:
    IntegerField.register_lookup(InRange)
