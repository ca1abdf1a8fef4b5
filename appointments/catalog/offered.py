"""What a center offers, as its visitors see it. One query each."""

from django.http import Http404

from appointments.catalog import search
from appointments.catalog.models import Category, ServiceItem
from centers.models import Center


def items_at(center: Center, words: str = "") -> list[ServiceItem]:
    """The current items that answer to the words, best first; each code once, a nearer version before the county's."""
    found = search.search(center, words)
    nearest: dict[str, ServiceItem] = {}
    for item in sorted(found, key=lambda item: item.division.code):
        nearest[item.code] = item
    kept = {item.pk for item in nearest.values()}
    return [item for item in found if item.pk in kept]


def item_or_404(center: Center, code: str) -> ServiceItem:
    item = search.find(code, center)
    if item is None:
        raise Http404("no such item at this center")
    return item


def by_category(items: list[ServiceItem]) -> list[tuple[str, list[ServiceItem]]]:
    """Everyday groups in their fixed order, empty ones left out."""
    groups: dict[str, list[ServiceItem]] = {}
    for item in items:
        groups.setdefault(item.category, []).append(item)
    return [(str(category.label), groups[category]) for category in Category if category in groups]
