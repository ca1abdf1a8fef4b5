"""The items that a center offers to the public. One query each."""

from django.http import Http404

from appointments.catalog import search
from appointments.catalog.models import Category, ServiceItem
from centers.models import Center


def items_at(center: Center, words: str = "") -> list[ServiceItem]:
    """The current items that match the search, best first; of each code the version of the nearest division."""
    found = search.search(center, words)
    nearest: dict[str, ServiceItem] = {}
    for item in sorted(found, key=lambda item: item.division.code):
        nearest[item.code] = item
    nearest_pks = {item.pk for item in nearest.values()}
    return [item for item in found if item.pk in nearest_pks]


def item_or_404(center: Center, code: str) -> ServiceItem:
    item = search.find(code, center)
    if item is None:
        raise Http404("no such item at this center")
    return item


def by_category(items: list[ServiceItem]) -> list[tuple[str, list[ServiceItem]]]:
    """Everyday categories in their fixed order, without empty ones."""
    groups: dict[str, list[ServiceItem]] = {}
    for item in items:
        groups.setdefault(item.category, []).append(item)
    return [(str(category.label), groups[category]) for category in Category if category in groups]
