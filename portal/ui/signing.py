"""HMAC signatures of links in messages. These are capability URLs: whoever has the link may use it."""

import hashlib
import hmac
import re
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int

# Hex digits, 60 bits: short enough for an SMS, and cannot be guessed over a network.
LONG = 15
# Characters of ALPHABET, 46 bits, because an SMS has 70 characters. Such a link allows one answer about one row, once
# and before the appointment, and guesses are rate-limited (centers.people.rate_limits.find_by_link).
SHORT = 8
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # without 0 O 1 I l


def long_signature(salt: str, about: str) -> str:
    return salted_hmac(salt, about).hexdigest()[:LONG]


def is_long_signature(signature: str, salt: str, about: str) -> bool:
    return constant_time_compare(signature, long_signature(salt, about))


def short_signature(purpose: str, *about: str | int) -> str:
    """An HMAC of purpose and subject, as SHORT characters of ALPHABET."""
    digest = hmac.digest(_key(purpose, settings.SECRET_KEY), ":".join(map(str, about)).encode(), "sha256")
    number, letters = int.from_bytes(digest[:8]), []
    for _letter in range(SHORT):
        number, at = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[at])
    return "".join(letters)


def is_short_signature(signature: str, purpose: str, *about: str | int) -> bool:
    return constant_time_compare(signature, short_signature(purpose, *about))


def pk_of(number: str) -> int:
    """The primary key from base 36 digits; 0 when invalid."""
    return base36_to_int(number) if re.fullmatch(r"[0-9a-z]{1,11}", number) else 0


@lru_cache(maxsize=10)
def _key(purpose: str, secret: str) -> bytes:
    """The key that Django's salted_hmac derives; cached, because deriving it takes longer than signing."""
    return hashlib.sha256(f"link:{purpose}{secret}".encode()).digest()
