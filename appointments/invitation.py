"""The invitation to rate a service: its texts and the signed link. A layer below everything that can be rated."""

from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.notifications.subjects import Words
from portal.ui.signing import is_long_signature, long_signature, pk_of

RATE, RATE_TITLE = "rate", gettext_lazy("请您评价")
# Nobody is asked longer after the visit; our default.
RATE_WITHIN = timedelta(days=7)
_SALT = "rate-a-visit"


class Ratable(Protocol):
    """`rating_prefix` identifies the model in a token: "" for an appointment. Base-36 numbers contain no dash."""

    pk: int
    rating_prefix: str


def rating_token(thing: Ratable) -> str:
    """`prefix + pk in base 36 - signature`; the HMAC signature covers prefix and pk."""
    about = f"{thing.rating_prefix}{int_to_base36(thing.pk)}"
    return f"{about}-{long_signature(_SALT, about)}"


def read_token(token: str, prefixes: list[str]) -> tuple[str, int] | None:
    """(prefix, pk) of a token; None when the signature is invalid."""
    about, _dash, signature = token.rpartition("-")
    if not is_long_signature(signature, _SALT, about):
        return None
    prefix = next(one for one in sorted(prefixes, key=len, reverse=True) if about.startswith(one))
    return prefix, pk_of(about.removeprefix(prefix))


def asked_to_rate(thing: Ratable, facts: dict) -> Words:
    """The SMS has the link; in the inbox and in a call no link can be tapped."""
    link = settings.SITE_URL + reverse("rate", args=[rating_token(thing)])
    said = _("%(name)s您好，%(item)s办得怎么样？请您评价。") % facts
    return Words(said, _("%(name)s您好，%(item)s办得怎么样？请评价 %(link)s") % {**facts, "link": link})
