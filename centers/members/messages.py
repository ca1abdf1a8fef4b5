"""What an account's owner is told of what others did to it: in the inbox, whoever did it and why."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.models import MemberChange
from portal.accounts.models import User
from portal.notifications.keys import key_of
from portal.notifications.models import Channel, Message
from portal.notifications.new_message import NewMessage
from portal.notifications.subjects import Words

PREFIX = "member"
ACCOUNT_CHANGED = "account_changed"
TITLES = {ACCOUNT_CHANGED: gettext_lazy("您的账户有变动")}
# Our default.
SHOWN_FOR = timedelta(days=180)


def subject_of(change: MemberChange) -> str:
    return key_of(PREFIX, change.pk)


def person_of(user: User) -> str:
    return key_of("account", user.pk)


def changed(change: MemberChange) -> list[NewMessage]:
    """Not to whoever did it themselves."""
    if change.by_id == change.user_id:
        return []
    return [
        NewMessage(
            subject=subject_of(change),
            person=person_of(change.user),
            kind=ACCOUNT_CHANGED,
            channel=Channel.INBOX,
            occasion=change.at,
            due_at=change.at,
            expires_at=change.at + SHOWN_FOR,
        )
    ]


def words(change: MemberChange, message: Message, now: datetime) -> Words:
    return Words(body(change), title=title(change))


def title(change: MemberChange) -> str:
    return _("账户变动：%(done)s") % {"done": change.get_kind_display()}


def body(change: MemberChange) -> str:
    facts = {"by": change.by, "done": what(change), "reason": change.reason}
    said = _("%(by)s%(done)s。") % facts
    if change.reason:
        said += _("原因：%(reason)s。") % facts
    if change.kind in ABOUT_SIGNING_IN:
        said += _("您不知道这件事的话，请马上告诉上一级。")
    return said


def what(change: MemberChange) -> str:
    """请进来（柳湾村 代办员）"""
    done = change.get_kind_display()
    if not change.role:
        return done
    facts = {"done": done, "place": change.division.short_name, "role": change.get_role_display()}
    return _("%(done)s（%(place)s %(role)s）") % facts


Kind = MemberChange.Kind
ABOUT_SIGNING_IN = {Kind.PRINTED, Kind.FACTOR_RESET, Kind.NUMBER_CHANGED, Kind.DISABLED, Kind.ENABLED}
