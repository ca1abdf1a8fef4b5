"""Rate limits for passwords, counted so that nobody can lock out another user.

An attempt counts for the login name and the network, for the login name and the address range, and for the login name
alone, so that many addresses together are no faster than PER_NAME. A network from which the right password came before
has tries of its own, which strangers do not use up. A right password gives its count back. With a code by SMS the
owner can always sign in. docs/security.md says how long a list of words takes; tests/access/test_odds.py computes it.
"""

import ipaddress
from typing import NamedTuple

from django.http import HttpRequest

from portal.accounts import familiar, throttle
from portal.accounts.addresses import client_address, network_of, networks_of
from portal.accounts.throttle import DAY, HOUR, Limit

# (attempts, seconds). A person needs no more.
PER_NAME_AND_NETWORK = ((5, 30), (20, HOUR), (60, DAY))
PER_NAME_AND_RANGE = (100, DAY)
# All strangers together; and each of the places that came before, whose number is bounded (familiar.PLACES).
PER_NAME = (200, DAY)
# All of a township office shares one address (NAT).
PER_ADDRESS = (60, 60)
# What one provider hands out together: a range of IPv4. That of IPv6 is the wider of `networks_of`.
RANGE_BITS = 24


class Attempt(NamedTuple):
    about: str
    names: list[str]
    counted: list[Limit]


def claim(request: HttpRequest, login: str) -> Attempt | None:
    """Count one attempt for `login`. Returns it for `succeeded`, or None when a limit is reached."""
    address, about = client_address(request), f"password:{login}"
    # Only networks: an account that is signed in elsewhere says nothing about who knows this password.
    names = [f"network:{network_of(address)}"]
    near = [Limit(f"{about}:{network_of(address)}", *rate) for rate in PER_NAME_AND_NETWORK]
    place = familiar.place_of(about, names)
    if place is None:
        far = [Limit(f"{about}:{range_of(address)}", *PER_NAME_AND_RANGE), Limit(about, *PER_NAME)]
    else:
        far = [Limit(f"{about}:place:{place}", *PER_NAME_AND_NETWORK[-1])]
    counted = [*near, *far, *throttle.per_network("password", address, *PER_ADDRESS)]
    return None if throttle.claim(counted) else Attempt(about, names, counted)


def succeeded(attempt: Attempt) -> None:
    """Undo `claim` after a right password, and remember the network."""
    throttle.return_all(attempt.counted)
    familiar.remember(attempt.about, attempt.names)


def range_of(address: str) -> str:
    """The range of an address: of IPv4 the /24, of IPv6 the wider network."""
    network = networks_of(address)[-1]
    try:
        found = ipaddress.ip_network(network)
    except ValueError:
        return network
    return str(found.supernet(new_prefix=RANGE_BITS)) if found.version == 4 else network
