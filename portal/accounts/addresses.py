"""The client's IP address behind reverse proxies."""

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
