"""What the sheets of the pages for townships and counties have in common."""

from collections.abc import Iterable, MutableMapping

from centers import access
from centers.importing.accounts import Accounts
from centers.importing.changes import Change, changes_of
from centers.importing.fields import NamesWidget
from centers.importing.writing import Planned, columns_of
from portal.accounts.models import User
from portal.accounts.roles import Permission

MANAGING = (Permission.MANAGE_CENTER, Permission.MANAGE_MEMBERS)


def managed_codes(user: User) -> list[str] | None:
    """Codes of the divisions of which the user may bring rows in; None for the system's administrators: all."""
    if user.is_superuser:
        return None
    return [code for permission in MANAGING for code in access.codes_where(user, permission)]


class SheetRules:
    """Mixin for resources: an empty cell leaves what is stored, and rows are of what the user manages."""

    def __init__(self, seen: MutableMapping | None = None, shared: Accounts | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        self.seen, self.shared = seen, shared
        self.beside_changes: list[tuple[Planned, Change]] = []  # of what was written beside the rows

    def reach(self, user: User | None) -> list[str] | None:
        assert user is not None
        return managed_codes(user)

    def before_import_row(self, row, **kwargs) -> None:
        for name in [name for name, cell in row.items() if cell == ""]:
            del row[name]
        super().before_import_row(row, **kwargs)  # type: ignore[misc]

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        """Without the library's copy of each row, which it makes to compare."""
        if import_validation_errors or instance.columns_before is None or self.brings_more(instance):
            return False
        return columns_of(instance) == instance.columns_before and not any(
            {one.pk for one in field.clean(row)} != {one.pk for one in getattr(instance, field.attribute).all()}
            for field in self.fields.values()  # type: ignore[attr-defined]
            if isinstance(field.widget, NamesWidget) and field.column_name in row
        )

    def displaces(self, planned: Planned) -> bool:
        """Whether the row may take the time of a booking."""
        return False

    def brings_more(self, instance) -> bool:
        """Whether the row writes something beside its own."""
        return False

    def accounts_of(self, planned: Iterable[Planned]) -> list[User]:
        """Those of `accounts` that these rows need."""
        needed = {id(user) for one in planned for user in self.users_of(one)}
        return [user for user in self.accounts if id(user) in needed]  # type: ignore[attr-defined]

    def users_of(self, planned: Planned) -> list[User]:
        user = getattr(planned.instance, "user", None)
        return [user] if user else []

    def changes(self, planned: list[Planned]) -> list[tuple[Planned, Change]]:
        """What `write` has written, in this order; undone in the opposite one."""
        return [(one, change) for one in planned for change in changes_of(one)]
