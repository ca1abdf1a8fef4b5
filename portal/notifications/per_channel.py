"""Plans one notification as a message for each channel of a recipient, and the words of each channel."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.notifications.channels import channel_of
from portal.notifications.models import Channel, Message, State
from portal.notifications.new_message import NewMessage
from portal.notifications.subjects import Words
from portal.ui.words import masked_name

ONE_SMS = 70  # characters, the signature included


def for_channels(
    subject: str,
    person: str,
    phone: str,
    kind: str,
    due: datetime,
    expires: datetime,
    *,
    occasion: datetime | None = None,
    number: int = 0,
    detail: str = "",
    needs_call: bool = False,
    by_call: bool = False,
) -> list[NewMessage]:
    """Messages to the inbox, and by SMS to a mobile or by voice call to a landline; fields as in NewMessage.

    `occasion` is `due` unless given. Who has no phone gets the inbox only; with `needs_call` or `by_call` there is a
    line on the call list too, because somebody has to go and tell them.
    """
    given = {"subject": subject, "person": person, "kind": kind, "number": number, "detail": detail}
    given |= {"occasion": occasion or due, "due_at": due, "expires_at": expires}
    told = [NewMessage(channel=Channel.INBOX, **given)]
    if phone:
        calls = {"needs_call": needs_call, "by_call": by_call}
        told.append(NewMessage(channel=channel_of(phone), address=phone, **calls, **given))
    elif needs_call or by_call:
        told.append(NewMessage(channel=Channel.VOICE, needs_call=True, by_call=True, **given))
    return told


def said_over(channel: str, words: Words) -> str:
    """The text for one channel. A voice call reads out the inbox text, which has no link."""
    if channel == Channel.INBOX:
        return str(words.body)
    return signed(words.sms or words.body) if channel == Channel.SMS else signed(words.body)


def signed(body: str | Promise) -> str:
    return f"【{settings.SMS_SIGNATURE}】{body}"


def unsigned(text: str) -> str:
    """For somebody who reads it out."""
    return text.removeprefix(signed(""))


def addressed(message: Message, name: str, phone: str) -> dict[str, str]:
    """`name` and `phone` for the words of a message: masked, and the center's number, unless staff read it out.

    They speak to the person, from the center. The number is then empty (`filled` leaves its part out).
    """
    if message.state in State.by_phone():
        return {"name": name, "phone": ""}
    return {"name": masked_name(name), "phone": phone}


def filled(text: str, facts: dict) -> str:
    """The text with its facts; a part in brackets is for a number to call, and left out if the center has none."""
    return re.sub(r"\[(.*?)\]", r"\1" if facts["phone"] else "", text) % facts


def fitted(texts: Iterable[str], facts: dict, link: str) -> str:
    """An SMS that ends in `link`: the first of `texts` that fits into one SMS with it, else the last."""
    sms = ""
    for text in texts:
        sms = f"{_(text) % facts} {link}"
        if len(signed(sms)) <= ONE_SMS:
            break
    return sms
