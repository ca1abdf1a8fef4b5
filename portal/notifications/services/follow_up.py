"""Manual follow-up by staff: messages that were not delivered, and calls."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.notifications import subjects
from portal.notifications.channels import has_provider
from portal.notifications.models import Message, State
from portal.notifications.services import wording
from portal.ui.errors import RuleBroken

OPEN = {State.PENDING, State.TO_CALL} | State.undelivered()
# After a call that nobody answered, it is to be tried again; our default.
CALL_AGAIN_AFTER = timedelta(minutes=30)


def send_again(*, message: Message) -> None:
    """Send again now, with a new id and new words. Raises RuleBroken `too_late`, `no_provider`, `settled`."""
    now = timezone.now()
    if message.expires_at and message.expires_at <= now:
        raise RuleBroken(_("这件事的时间已经过了，不再发了。要告诉本人，请打电话。"), code="too_late")
    if not has_provider(message.channel):
        raise RuleBroken(_("这里还发不了这种消息。要告诉本人，请打电话。"), code="no_provider")
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


def call_instead(*, message: Message) -> None:
    """Somebody is about to call: the message is not sent any more. Idempotent. Raises RuleBroken `settled`."""
    changed = Message.objects.filter(pk=message.pk, state__in=OPEN).update(state=State.TO_CALL, lease="")
    _require(changed)


def called(*, message: Message, by: User) -> None:
    """Record that the person was told by phone, of all that was on the call list for them about this.

    Idempotent. Raises RuleBroken `settled` when it was sent or withdrawn meanwhile.
    """
    now = timezone.now()
    same = Message.objects.filter(subject=message.subject, person=message.person, state=State.TO_CALL)
    told = {"state": State.CALLED, "called_at": now, "called_by": by, "lease": ""}
    said = {one.pk: wording.read_out(one, now) for one in [message, *same]}
    changed = Message.objects.filter(pk=message.pk, state__in=OPEN).update(**told)
    same.update(**told)
    _require(changed or Message.objects.filter(pk=message.pk, state=State.CALLED).exists())
    for pk, words in said.items():
        if words:
            Message.objects.filter(pk=pk, state=State.CALLED, called_at=now).update(title=words[0], body=words[1])


def not_reached(*, message: Message) -> None:
    """Record a call that nobody answered: again later. Raises RuleBroken `settled`."""
    changed = Message.objects.filter(pk=message.pk, state=State.TO_CALL).update(
        calls=F("calls") + 1, next_try_at=timezone.now() + CALL_AGAIN_AFTER
    )
    _require(changed)


def undo_call(*, message: Message) -> None:
    """The call was recorded by mistake: it is to be made. Idempotent. Raises RuleBroken `settled`.

    What does not hold any more by now is not to be said: it is withdrawn.
    """
    together = Message.objects.filter(subject=message.subject, person=message.person, called_at=message.called_at)
    made = list(together.filter(state=State.CALLED))
    about, now = subjects.rows_of(made), timezone.now()
    gone = [one.pk for one in made if not wording.holds(one, about, now)]
    not_made = {"called_at": None, "called_by": None}
    Message.objects.filter(pk__in=gone, state=State.CALLED).update(state=State.WITHDRAWN, **not_made)
    together.filter(state=State.CALLED).update(state=State.TO_CALL, **not_made)
    if message.pk in gone:
        raise RuleBroken(_("撤销了。情况已经变了，这个电话不用再打。"), code="settled")
    _require(Message.objects.filter(pk=message.pk, state=State.TO_CALL).exists())


def _require(changed: int | bool) -> None:
    if not changed:
        raise RuleBroken(_("这条消息刚刚已经发出或处理过了。请看看最新的情况。"), code="settled")
