"""Composes one notification as a message for each channel of a recipient."""

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
    """Messages to the inbox, and by SMS to a mobile or by voice call to a landline.

    `sms` is a shorter text for the SMS. A voice call reads out the inbox text, which has no link.
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
    """An SMS that ends in `link`: the first of `texts` that fits into one SMS with it, else the last."""
    sms = ""
    for text in texts:
        sms = f"{_(text) % facts} {link}"
        if len(signed(sms)) <= ONE_SMS:
            break
    return sms
