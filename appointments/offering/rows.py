"""The county's list of items: offered, drafts and ended ones, each as one row."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.catalog import search
from appointments.catalog.drafts import Item
from appointments.catalog.models import ItemDraft, ItemOptOut, ServiceItem
from centers import codes
from centers.models import Division

OFFERED, DRAFTS, ENDED = "offered", "drafts", "ended"
WORDS: dict[str, str | Promise] = {OFFERED: _("在办的"), DRAFTS: _("还没启用的"), ENDED: _("停办的")}


@dataclass(frozen=True, slots=True)
class Row:
    """`out`: at how many villages and townships below it is switched off."""

    item: Item
    out: int

    @property
    def shown(self) -> ServiceItem | ItemDraft | None:
        return self.item.last or self.item.draft

    @property
    def category(self) -> str:
        return self.shown.category

    def is_in(self, state: str) -> bool:
        if state == DRAFTS:
            return self.item.draft is not None
        return bool(self.item.current) if state == OFFERED else bool(self.item.last and not self.item.current)


def rows_within(divisions: Iterable[Division], words: str = "") -> list[Row]:
    """All items of these divisions and of those below, what matches best first. Three queries, however many."""
    within = Q(pk__in=[])
    for division in divisions:
        within |= Q(division__code__range=codes.span(division.code))
    later = ServiceItem.objects.filter(
        division=OuterRef("division"), code=OuterRef("code"), version__gt=OuterRef("version")
    )
    last = search.search(ServiceItem.objects.filter(~Exists(later), within), words)
    drafts = {(row.division_id, row.code): row for row in ItemDraft.objects.filter(within).select_related("division")}
    out = ItemOptOut.objects.current().filter(within).values_list("code").annotate(number=Count("pk")).order_by()
    switched_off = dict(out)
    found = [Item(row.division, row.code, row, drafts.pop((row.division_id, row.code), None)) for row in last]
    versions = {(row.division_id, row.code) for row in last}
    fresh = [row for row in drafts.values() if not row.base_version and (row.division_id, row.code) not in versions]
    found += [Item(row.division, row.code, None, row) for row in fresh if _matches(row, words)]
    return [Row(item, switched_off.get(item.code, 0)) for item in found]


def _matches(draft: ItemDraft, words: str) -> bool:
    wanted = search.normalise(words)
    return wanted in search.normalise(f"{draft.everyday_name}{draft.name}{draft.keywords}")
