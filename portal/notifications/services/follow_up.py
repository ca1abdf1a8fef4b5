"""Manual follow-up by staff on messages that were not delivered."""

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.notifications.models import Message, State
from portal.ui.errors import RuleBroken

OPEN = {State.PENDING} | State.undelivered()


def send_again(*, message: Message) -> None:
    """Send again now, with a new idempotency key. Raises RuleBroken `too_late`, `settled`."""
    now = timezone.now()
    if message.expires_at and message.expires_at <= now:
        raise RuleBroken(_("这件事的时间已经过了，不再发了。要告诉本人，请打电话。"), code="too_late")
    changed = Message.objects.filter(pk=message.pk, state__in=OPEN).update(
        state=State.PENDING,
        next_try_at=now,
        attempts=0,
        strikes=0,
        resends=message.resends + 1,
        lease="",
        leased_until=None,
    )
    _require(changed)


def called(*, message: Message, by: User) -> None:
    """Record that the person was told by phone; the message is not sent any more. Raises RuleBroken `settled`."""
    changed = Message.objects.filter(pk=message.pk, state__in=OPEN).update(
        state=State.CALLED, called_at=timezone.now(), called_by=by, lease=""
    )
    _require(changed)


def _require(changed: int) -> None:
    if not changed:
        raise RuleBroken(_("这条消息刚刚已经发出或处理过了。请看看最新的情况。"), code="settled")
