"""Wrong passwords: slowed down where they come from, so that nobody can lock another person out.

Counted for one login name from one address, and for an address as a whole. A right password gives its
count back. From another network, or with a code by SMS, the owner always gets in.
"""

from django.http import HttpRequest

from portal.accounts import throttle
from portal.accounts.addresses import client_address

# Five in half a minute is more than a person needs; at this pace a dictionary takes years.
PER_NAME = (5, 30)
# A township office shares one address.
PER_ADDRESS = (60, 60)


def claim(request: HttpRequest, login: str) -> list[tuple[str, int]] | None:
    """Count one guess at `login`. Returns what `forgive` takes back, or None when the guess must wait."""
    address = client_address(request)
    counted = []
    for key, (limit, per_seconds) in (
        (f"password:{address}:{login}", PER_NAME),
        (f"password:{address}", PER_ADDRESS),
    ):
        if not throttle.allow(key, limit, per_seconds):
            return None
        counted.append((key, per_seconds))
    return counted


def give_back(counted: list[tuple[str, int]]) -> None:
    """The guess just counted was right."""
    for key, per_seconds in counted:
        throttle.give_back(key, per_seconds)
