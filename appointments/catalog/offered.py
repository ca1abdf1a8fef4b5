"""The items that a center offers to the public. One query each."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from django.http import Http404
from django.utils.translation import gettext as _

from appointments.catalog import search
from appointments.catalog.models import Category, ItemOptOut, ServiceItem
from centers import codes
from centers.models import Center
from portal.prepared import Prepared
from portal.ui.errors import RuleBroken

CATEGORIES = list(Category.values)


class HasCategory(Protocol):
    @property
    def category(self) -> str: ...


Listed = TypeVar("Listed", bound=HasCategory)


class Offer(NamedTuple):
    """What a list says of an item."""

    code: str
    category: str
    name: str
    everyday_name: str
    summary: str

    def __str__(self) -> str:
        return self.everyday_name or self.name


def offers_at(center: Center) -> tuple[Offer, ...]:
    """All current items as their lists show them, in the order of `items_at`, without loading the items."""
    nearest = {row[2]: row for row in _offers(**codes.line(center.code))}
    rows = sorted(nearest.values(), key=lambda row: (CATEGORIES.index(row[3]), row[0]))
    return tuple(Offer(*row[2:]) for row in rows)


@Prepared
def _offers(**line: str):
    current = ServiceItem.objects.offered_along(line.values()).order_by("division__code")
    return current.values_list("pk", "division__code", *Offer._fields)


def items_at(center: Center, words: str = "") -> list[ServiceItem]:
    """The current items that match the search, best first; of each code the version of the nearest division."""
    found = search.search(center, words)
    nearest: dict[str, ServiceItem] = {}
    for item in sorted(found, key=lambda item: item.division.code):
        nearest[item.code] = item
    nearest_pks = {item.pk for item in nearest.values()}
    return [item for item in found if item.pk in nearest_pks]


def not_offered_at(center: Center) -> list[tuple[ServiceItem, ItemOptOut]]:
    """Items of the divisions above that are switched off here, each with who did it; the nearest version of each."""
    line = list(codes.line(center.code).values())
    out = ItemOptOut.objects.current().filter(division__code__in=line).select_related("division", "by")
    by_code = {one.code: one for one in out.order_by("-division__code")}  # the farthest: it counts for all below
    current = ServiceItem.objects.current().filter(division__code__in=line, code__in=list(by_code))
    nearest = {item.code: item for item in current.order_by("division__code")}
    return [(item, by_code[code]) for code, item in sorted(nearest.items())]


def item_or_404(center: Center, code: str) -> ServiceItem:
    item = search.find(code, center)
    if item is None:
        raise Http404("no such item at this center")
    return item


def check_offered(center: Center, item: ServiceItem) -> None:
    """Raises RuleBroken `item_gone` where the center does not offer the item any more, in whatever version."""
    if search.find(item.code, center) is None:
        sentence = _("这里不再办这件事了，约上了也办不成。请打中心电话，问问去哪里办。")
        raise RuleBroken(sentence, code="item_gone")


def by_category(items: Iterable[Listed]) -> list[tuple[str, list[Listed]]]:
    """Everyday categories in their fixed order, without empty ones."""
    groups: dict[str, list[Listed]] = {}
    for item in items:
        groups.setdefault(item.category, []).append(item)
    return [(str(category.label), groups[category]) for category in Category if category in groups]
