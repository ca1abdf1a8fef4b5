"""The client's IP address behind reverse proxies, and the networks by which it is counted."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address, or "unknown".

    Each proxy appends its peer to X-Forwarded-For, so only the last TRUSTED_PROXY_COUNT entries are written by
    our own proxies; the client can forge everything before them.
    """
    believed = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if believed and len(hops) >= believed and _is_address(hops[-believed]):
        return hops[-believed]
    return request.META.get("REMOTE_ADDR") or "unknown"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


# Bits of the networks by which an IPv6 address counts: whoever has one address has the whole first one, and a small
# company the second. The wider one may be a mobile carrier's, so a limit is WIDER times as large there.
PREFIXES, WIDER = (64, 48), 8


def networks_of(address: str) -> tuple[str, ...]:
    """By what a client's address counts, narrow to wide: an IPv4 address itself, an IPv6 address as /64 and as /48.

    An IPv4 address in IPv6 form (`::ffff:192.0.2.1`) is that IPv4 address; what is no address counts as it is.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return (address,)
    if isinstance(parsed, ipaddress.IPv6Address):
        if not parsed.ipv4_mapped:
            return tuple(str(ipaddress.ip_network((int(parsed), bits), strict=False)) for bits in PREFIXES)
        parsed = parsed.ipv4_mapped
    return (str(parsed),)


def network_of(address: str) -> str:
    """The narrowest of `networks_of`: one household, or one village behind NAT."""
    return networks_of(address)[0]
