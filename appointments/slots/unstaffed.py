"""Unstaffed slots: times at which nobody on duty handles an item, computed from rosters, leave and item agents."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.slots.models import ItemAgent, Slot, SlotGap
from centers.days.half_days import part_at
from centers.models import Center, CenterDay
from portal.prepared import Prepared
from portal.ui.days import span
from portal.ui.errors import RuleBroken

Handlers = dict[int, dict[str, set[int]]]  # center, item code, people


def handlers_of(centers: Iterable[Center | int]) -> Handlers:
    """Staff ids by center and item code, without former staff. An item that is absent is handled by everybody."""
    here = Q(staff__left_on__isnull=True) | Q(staff__left_on__gt=timezone.localdate())
    agents = ItemAgent.objects.current().filter(here, center__in=centers)
    found: Handlers = defaultdict(lambda: defaultdict(set))
    for center, code, person in agents.order_by().values_list("center_id", "item_code", "staff_id"):
        found[center][code].add(person)
    return found


def write(rows: Sequence[CenterDay]) -> None:
    """Synchronize the unstaffed slots of these days. Part of making slots, in the same transaction."""
    handlers = handlers_of({row.center_id for row in rows})
    first, last = min(row.date for row in rows), max(row.date for row in rows)
    start, end = span(first, last)
    of_centers = {"center__in": {row.center_id for row in rows}}
    known = SlotGap.objects.filter(slot__starts_at__gte=start, slot__starts_at__lt=end, **of_centers)
    stored = {(row.center_id, row.date): row for row in rows}
    existing = {
        (center, slot, code): pk
        for pk, center, slot, code, starts_at in known.values_list(
            "pk", "center_id", "slot_id", "item_code", "slot__starts_at"
        )
        if (center, timezone.localdate(starts_at)) in stored
    }
    wanted = set(_unstaffed_pairs(handlers, stored, start, end)) if handlers else set()
    SlotGap.objects.filter(pk__in=[pk for key, pk in existing.items() if key not in wanted]).delete()
    SlotGap.objects.bulk_create(
        [
            SlotGap(center_id=center, slot_id=slot, item_code=code)
            for center, slot, code in sorted(wanted - existing.keys())
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _unstaffed_pairs(handlers: Handlers, stored: dict[tuple[int, date], CenterDay], start: datetime, end: datetime):
    slots = Slot.objects.filter(center__in=list(handlers)).between(start, end).order_by()
    for pk, center, starts_at in slots.values_list("pk", "center_id", "starts_at"):
        moment = timezone.localtime(starts_at)
        row = stored.get((center, moment.date()))
        if row is None or not row.is_rostered:
            continue
        there = row.people(part_at(moment))
        yield from ((center, pk, code) for code, people in handlers[center].items() if not people & there)


def check(slots: Iterable[Slot], item_code: str) -> None:
    """Raises RuleBroken `nobody_for_item` when one of the slots is unstaffed for the item."""
    slots = list(slots)
    first, last = slots[0], slots[-1]
    if _unstaffed_between(center=first.center_id, first=first.starts_at, last=last.starts_at, code=item_code):
        raise RuleBroken(
            _("办这件事的人这个时间不在，来了也办不成。您填的内容还在，请另选一个时间。"), code="nobody_for_item"
        )


@Prepared
def _unstaffed_between(center: int, first: datetime, last: datetime, code: str):
    within = SlotGap.objects.filter(center=center, item_code=code)
    return within.filter(slot__starts_at__gte=first, slot__starts_at__lte=last).order_by().values_list("pk")[:1]
