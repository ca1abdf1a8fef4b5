"""Rate limits for wrong passwords, per client address, so that nobody can lock out another user.

Counted per login name and address, and per address. A right password gives its count back. From another network, or
with a code by SMS, the owner can always sign in.
"""

from django.http import HttpRequest

from portal.accounts import throttle
from portal.accounts.addresses import client_address

# (attempts, seconds). A person needs no more; a dictionary attack takes years.
PER_NAME = (5, 30)
# All of a township office shares one address (NAT).
PER_ADDRESS = (60, 60)


def claim(request: HttpRequest, login: str) -> list[tuple[str, int]] | None:
    """Count one attempt for `login`. Returns the counts for `give_back`, or None when a limit is reached."""
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
    """Undo `claim` after a right password."""
    for key, per_seconds in counted:
        throttle.give_back(key, per_seconds)
