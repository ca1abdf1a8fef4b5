"""Unstaffed slots: times at which nobody on duty handles an item, computed from rosters, leave and item agents."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.slots.models import ItemAgent, Slot, SlotGap
from centers.days.half_days import part_at
from centers.days.staffing import Coverage
from centers.duty import rosters
from centers.models import Center, Staff
from portal.accounts.models import User
from portal.prepared import Prepared
from portal.ui.errors import RuleBroken

Handlers = dict[int, dict[str, set[int]]]  # center, item code, people


def handlers_of(centers: Iterable[Center]) -> Handlers:
    """Staff ids by center and item code, without former staff. An item that is absent is handled by everybody."""
    here = Q(staff__left_on__isnull=True) | Q(staff__left_on__gt=timezone.localdate())
    agents = ItemAgent.objects.current().filter(here, center__in=centers)
    found: Handlers = defaultdict(lambda: defaultdict(set))
    for center, code, person in agents.order_by().values_list("center_id", "item_code", "staff_id"):
        found[center][code].add(person)
    return found


def write(centers: list[Center], staffed: Coverage, start: datetime, end: datetime) -> None:
    """Synchronize the unstaffed slots of this period. Part of generating slots, in the same transaction."""
    handlers = handlers_of(centers)
    known = SlotGap.objects.filter(center__in=centers, slot__starts_at__gte=start, slot__starts_at__lt=end)
    rows = known.values_list("pk", "center_id", "slot_id", "item_code")
    existing = {(center, slot, code): pk for pk, center, slot, code in rows}
    wanted = set(_unstaffed_pairs(handlers, staffed, start, end)) if handlers and staffed.rostered else set()
    SlotGap.objects.filter(pk__in=[pk for key, pk in existing.items() if key not in wanted]).delete()
    SlotGap.objects.bulk_create(
        [
            SlotGap(center_id=center, slot_id=slot, item_code=code)
            for center, slot, code in sorted(wanted - existing.keys())
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _unstaffed_pairs(handlers: Handlers, staffed: Coverage, start: datetime, end: datetime):
    slots = Slot.objects.filter(center__in=list(handlers)).between(start, end).order_by()
    for pk, center, starts_at in slots.values_list("pk", "center_id", "starts_at"):
        moment = timezone.localtime(starts_at)
        if not staffed.is_rostered(center, moment.date()):
            continue
        there = staffed.people(center, moment.date(), part_at(moment))
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


@transaction.atomic
def name_agents(*, center: Center, item_code: str, first: Iterable[Staff], backup: Iterable[Staff], by: User) -> int:
    """Set who handles an item from now on; nobody means everybody. Returns how many agents were added or ended.

    Raises RuleBroken `not_here` for staff of another center. Availability is updated in the same transaction.
    """
    wanted = {person.pk: True for person in backup} | {person.pk: False for person in first}
    if Staff.objects.filter(pk__in=wanted).exclude(center=center).exists():
        raise RuleBroken(_("这里面有人不在这个中心。请重新选。"), code="not_here")
    current = ItemAgent.objects.current().filter(center=center, item_code=item_code)
    held = {agent.staff_id: agent for agent in current}
    gone = [agent.pk for person, agent in held.items() if wanted.get(person) != agent.is_backup]
    unchanged = {person for person, agent in held.items() if agent.pk not in gone}
    ItemAgent.objects.current().filter(pk__in=gone).update(ended_at=timezone.now())
    new = [person for person in wanted if person not in unchanged]
    ItemAgent.objects.bulk_create(
        ItemAgent(center=center, item_code=item_code, staff_id=person, is_backup=wanted[person]) for person in new
    )
    if gone or new:
        rosters.notify_followers_of(center, *rosters.horizon())
    return len(gone) + len(new)
