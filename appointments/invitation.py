"""The invitation to rate what was done: its words and the link that opens it. Below all that can be rated."""

from typing import Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

from portal.ui.signing import is_long_signature, long_signature, pk_of

RATE = "rate"
_SALT = "rate-a-visit"


class Ratable(Protocol):
    """`rating_prefix` tells the kinds apart in a token: "" for a visit; no number has a dash in it."""

    pk: int
    rating_prefix: str


def rating_token(thing: Ratable) -> str:
    """`number-signature`, with the prefix of its kind before it, which is signed with the number."""
    about = f"{thing.rating_prefix}{int_to_base36(thing.pk)}"
    return f"{about}-{long_signature(_SALT, about)}"


def read_token(token: str, prefixes: list[str]) -> tuple[str, int] | None:
    """The prefix and the primary key that a token stands for; None for a token that we did not sign."""
    about, _dash, signature = token.rpartition("-")
    if not is_long_signature(signature, _SALT, about):
        return None
    prefix = next(one for one in sorted(prefixes, key=len, reverse=True) if about.startswith(one))
    return prefix, pk_of(about.removeprefix(prefix))


def asked_to_rate(thing: Ratable, facts: dict) -> tuple[str, str]:
    """What the inbox and a call say, whose listener can follow no link, and the SMS that has one."""
    link = settings.SITE_URL + reverse("rate", args=[rating_token(thing)])
    said = _("%(name)s您好，%(item)s办得怎么样？请您评价。") % facts
    return said, _("%(name)s您好，%(item)s办得怎么样？请评价 %(link)s") % {**facts, "link": link}
