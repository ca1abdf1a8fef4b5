"""What differs between two versions of an item, in words. Pure: nothing is read from the database."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from appointments.catalog.models import CONTENT, ItemContent

# Shown together, as a villager reads them: the number of days makes no sense without its kind.
_LIMITS = {"statutory_kind": "statutory_text", "promised_kind": "promised_text"}
_PASSED_OVER = {"materials", "statutory_limit", "promised_limit"}


class Difference(NamedTuple):
    """`before` and `after` are lines; of the materials only those that went and came, unless their order changed."""

    label: str | Promise
    before: list[str]
    after: list[str]


def differences(before: ItemContent, after: ItemContent) -> list[Difference]:
    """In the order of the form; empty if both say the same."""
    found = [_materials(before.materials, after.materials)]
    for name in CONTENT:
        if name in _PASSED_OVER:
            continue
        one, other = (_text(content, name) for content in (before, after))
        if one != other:
            found.append(Difference(_label(name), [one], [other]))
    return [difference for difference in found if difference]


def _materials(before: list[str], after: list[str]) -> Difference | None:
    if before == after:
        return None
    gone = [line for line in before if line not in after]
    new = [line for line in after if line not in before]
    in_order = [line for line in before if line in after] == [line for line in after if line in before]
    return Difference(_label("materials"), *((gone, new) if in_order else (before, after)))


def _label(name: str) -> str | Promise:
    return ItemContent._meta.get_field(name).verbose_name


def _text(content: ItemContent, name: str) -> str:
    if name in _LIMITS:
        return getattr(content, _LIMITS[name])
    value = getattr(content, name)
    if isinstance(value, bool):
        return _("是") if value else _("不是")
    choices = dict(ItemContent._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))
