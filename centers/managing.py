"""What a user may set up: the entries of settings.MANAGE that are open to them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centers import access
from portal.accounts.models import User

ADMINISTRATOR = "administrator"
TITLES = {"center": _("中心"), "region": _("辖区"), "county": _("全县")}


@dataclass(frozen=True)
class Entry:
    url_name: str
    title: str | Promise
    about: str | Promise
    opened_by: str  # values of Permission, and ADMINISTRATOR, separated by spaces

    def open_to(self, held: set[str]) -> bool:
        return not held.isdisjoint(self.opened_by.split())


def groups(user: User) -> list[tuple[str | Promise, list[Entry]]]:
    """(title of a group, its entries that the user may open), without empty groups."""
    held = _held(user)
    open_ones = [
        (TITLES[group], [entry for row in rows if (entry := Entry(*row)).open_to(held)])
        for group, rows in settings.MANAGE.items()
    ]
    return [(title, entries) for title, entries in open_ones if entries]


def may_manage(user: User) -> bool:
    return bool(groups(user))


def _held(user: User) -> set[str]:
    held = {str(permission) for permission in access.permissions_of(user)}
    return held | {ADMINISTRATOR} if user.is_superuser and user.is_staff else held
