"""One thing said to one person, in each way in which it can reach them."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from portal.notifications.models import Channel
from portal.notifications.new_message import NewMessage

ONE_SMS = 70  # characters, the signature included


def for_channels(
    subject: str,
    person: str,
    phone: str,
    kind: str,
    due: datetime,
    title: str,
    body: str,
    expires: datetime | None = None,
    sms: str = "",
) -> list[NewMessage]:
    """Into the inbox always; to a mobile as SMS, to a landline as a call. `sms` are other words for the SMS.

    A voice reads no link: what is called out is what the inbox says.
    """
    ways = [(Channel.INBOX, "")]
    if phone:
        ways.append((Channel.SMS if phone.startswith("1") else Channel.VOICE, phone))
    said = {Channel.INBOX: body, Channel.SMS: signed(sms or body), Channel.VOICE: signed(body)}
    return [
        NewMessage(
            subject=subject,
            person=person,
            kind=kind,
            channel=channel,
            due_at=due,
            expires_at=expires if channel != Channel.INBOX else None,
            address=address,
            title=title,
            body=said[channel],
        )
        for channel, address in ways
    ]


def signed(body: str) -> str:
    return f"【{settings.SMS_SIGNATURE}】{body}"


def fitted(texts: Iterable[str], facts: dict, link: str) -> str:
    """An SMS that ends in a link for an answer: the first text that goes in one piece with it, else the last."""
    sms = ""
    for text in texts:
        sms = f"{_(text) % facts} {link}"
        if len(signed(sms)) <= ONE_SMS:
            break
    return sms
