"""Taking a ticket: at the window, or with one's own phone where the site allows it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.catalog.models import ServiceItem
from appointments.tickets import services as tickets
from appointments.tickets.models import Priority, Ticket
from centers.days.opening_state import opening_states
from centers.days.proof import prove
from centers.models import Center
from centers.rules.reading import value
from portal.accounts.models import User
from portal.ui.errors import RuleBroken


def issue_at_desk(
    *, center: Center, key: str, by: User, item: ServiceItem | None = None, priority: str = Priority.NONE
) -> Ticket:
    """A ticket for somebody at the desk. Idempotent by `key`."""
    if priority and priority not in value("QUEUE_PRIORITIES", center.pk):
        raise RuleBroken(_("这里没有这一种优先。请另选一种，或者不选。"), code="no_priority", field="priority")
    now = timezone.now()
    prove(center.pk, now)
    return tickets.issue(center=center, key=key, now=now, by=by, item=item, priority=priority)


def issue_online(*, center: Center, key: str) -> Ticket:
    """A ticket taken by phone. Raises RuleBroken `not_online`, `closed`."""
    if not value("WALK_IN_ONLINE", center.pk):
        raise RuleBroken(_("这里的号在窗口发。到了中心，跟工作人员说一声就行。"), code="not_online")
    now = timezone.now()
    if not opening_states([center], now)[center.pk].is_open:
        raise RuleBroken(_("中心现在没有开门，还不能取号。开门以后再取，或者先约一个时间。"), code="closed")
    return tickets.issue(center=center, key=key, now=now)
