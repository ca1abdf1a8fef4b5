"""Who handles which item at a center, first (A岗) or as backup (B岗)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.slots.making import reach_of
from appointments.slots.models import ItemAgent
from centers.days.keeping import follow, lock
from centers.days.reading import days_of
from centers.models import Center, Staff
from portal.accounts.models import User
from portal.ui.errors import RuleBroken


@transaction.atomic
def name_agents(*, center: Center, item_code: str, first: Iterable[Staff], backup: Iterable[Staff], by: User) -> int:
    """Set who handles an item from now on; nobody means everybody. Returns how many agents were added or ended.

    Raises RuleBroken `not_here` for staff of another center. Availability is updated in the same transaction.
    """
    wanted = {person.pk: True for person in backup} | {person.pk: False for person in first}
    if Staff.objects.filter(pk__in=wanted).exclude(center=center).exists():
        raise RuleBroken(_("这里面有人不在这个中心。请重新选。"), code="not_here")
    # Of two who name them at once, the second sees whom the first has named.
    centers = lock([center])
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
        today = timezone.localdate()
        follow(list(days_of(centers, today, reach_of(center.pk))[center.pk].values()))
    return len(gone) + len(new)
