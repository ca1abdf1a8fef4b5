"""The signed link in the SMS that offers a place."""

from django.conf import settings
from django.utils.http import int_to_base36

from appointments.waiting.models import WaitingEntry
from portal.ui.signing import SHORT, is_short_signature, pk_of, short_signature


def offer_link(entry: WaitingEntry) -> str:
    number = int_to_base36(entry.pk)
    return f"{settings.SHORT_URL}/w/{short_signature('offer', number)}{number}"


def entry_offered(token: str) -> WaitingEntry | None:
    """The waiting entry of a token; None when the signature is invalid."""
    signature, number = token[:SHORT], token[SHORT:]
    pk = pk_of(number)
    if not pk or not is_short_signature(signature, "offer", number):
        return None
    return WaitingEntry.objects.for_pages().filter(pk=pk).first()
