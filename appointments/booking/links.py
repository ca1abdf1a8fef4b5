"""Signed links that a message may carry. The link is the right: it is given only to whom it concerns."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from appointments.booking.models import Appointment
from appointments.cases.models import Case
from appointments.waiting.models import WaitingEntry

# 60 bits: short enough for an SMS, and far beyond what could be guessed over a network.
SIGNATURE_LENGTH = 15
# 46 bits, because an SMS has 70 characters: what stands behind it is one answer about one booking, it works once and
# not after the time has come, and the portal looks at only so many guesses an hour (pace.tapped).
SHORT_LENGTH = 8
_CASE = "c-"  # no number has a dash in it
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # without 0 O 1 I l


def rating_token(thing: Appointment | Case) -> str:
    """For a visit `number-signature`; a case has `c-` before it, which is signed with the number."""
    number = int_to_base36(thing.pk)
    about = f"{_CASE}{number}" if isinstance(thing, Case) else number
    return f"{about}-{_signature(about)}"


def thing_to_rate(token: str) -> Appointment | Case | None:
    """The visit or the case that a token stands for; None for a token that we did not sign."""
    about, _dash, signature = token.rpartition("-")
    if not constant_time_compare(signature, _signature(about)):
        return None
    model = Case if about.startswith(_CASE) else Appointment
    return model.objects.for_pages().filter(pk=base36_to_int(about.removeprefix(_CASE))).first()


@dataclass(frozen=True, slots=True)
class Answerable:
    """A booking whose message asks for an answer. `key` names the one link: each message has its own."""

    appointment: Appointment
    key: str


def answer_link(appointment: Appointment, tag: str) -> str:
    """The address in an SMS that asks whether somebody will come; `tag` is one character for each message."""
    number = int_to_base36(appointment.pk)
    return f"{settings.SHORT_URL}/c/{_short('answer', tag, number, appointment.move_count)}{tag}{number}"


def to_answer(token: str) -> Answerable | None:
    """None for a token that we did not sign, and for one about the time from which the booking was moved since."""
    signature, tag, number = token[:SHORT_LENGTH], token[SHORT_LENGTH : SHORT_LENGTH + 1], token[SHORT_LENGTH + 1 :]
    pk = _pk(number)
    appointment = Appointment.objects.for_pages().filter(pk=pk).first() if pk else None
    if appointment is None or not _is_ours(signature, "answer", tag, number, appointment.move_count):
        return None
    return Answerable(appointment, f"{tag}{appointment.move_count}")


def offer_link(entry: WaitingEntry) -> str:
    number = int_to_base36(entry.pk)
    return f"{settings.SHORT_URL}/w/{_short('offer', number)}{number}"


def entry_offered(token: str) -> WaitingEntry | None:
    """The waiting entry that a token stands for; None for a token that we did not sign."""
    signature, number = token[:SHORT_LENGTH], token[SHORT_LENGTH:]
    pk = _pk(number)
    if not pk or not _is_ours(signature, "offer", number):
        return None
    return WaitingEntry.objects.for_pages().filter(pk=pk).first()


def _pk(number: str) -> int:
    """0 for what is no number of ours."""
    return base36_to_int(number) if re.fullmatch(r"[0-9a-z]{1,11}", number) else 0


def _is_ours(signature: str, purpose: str, *about: str | int) -> bool:
    return constant_time_compare(signature, _short(purpose, *about))


def _short(purpose: str, *about: str | int) -> str:
    """The signature over what the link is for and about, in eight letters."""
    digest = hmac.digest(_key(purpose, settings.SECRET_KEY), ":".join(map(str, about)).encode(), "sha256")
    number, letters = int.from_bytes(digest[:8]), []
    for _letter in range(SHORT_LENGTH):
        number, at = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[at])
    return "".join(letters)


@lru_cache(maxsize=10)
def _key(purpose: str, secret: str) -> bytes:
    """As Django's salted_hmac makes it, for each of a booking's links anew, which takes longer than the signature."""
    return hashlib.sha256(f"link:{purpose}{secret}".encode()).digest()


def _signature(number: str) -> str:
    return salted_hmac("rate-a-visit", number).hexdigest()[:SIGNATURE_LENGTH]
