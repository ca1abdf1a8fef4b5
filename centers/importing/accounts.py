"""The accounts that the rows of a sheet name by their number: found, named, or made without a password."""

import secrets
from collections.abc import Collection

from django.core.exceptions import ValidationError

from centers.importing.fields import of_somebody_else
from portal.accounts.models import User
from portal.ui import names


class Accounts:
    """`known` by number, also those that the sheet makes; `made` are to be stored, or named, with the rows."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.known: dict[str, User] = {}
        self.made: list[User] = []

    def load(self, phones: Collection[str]) -> None:
        """Read those that there are, before the first row."""
        asked = set(phones) - self.known.keys()
        self.known |= {user.phone or "": user for user in User.objects.filter(phone__in=asked)}

    def named(self, phone: str, name: str) -> User:
        """The account of that number, made if it is unknown. Raises ValidationError if it is somebody else's."""
        known = self.known.get(phone)
        if known is None:
            # Not the phone: login names are not masked.
            known = User(username=f"s{secrets.token_hex(6)}", name=name, phone=phone)
            known.set_unusable_password()
            known.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
            self.known[phone] = known
            self.made.append(known)
        elif not known.name:  # came with a code
            known.name = name
            self.made.append(known)
        elif names.key(known.name) != names.key(name):
            raise ValidationError(of_somebody_else(known, name, self.by))
        return known
