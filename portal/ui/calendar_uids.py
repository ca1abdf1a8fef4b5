"""UIDs of calendar events (RFC 5545): derived from a key of our own, never from a code or a host, which change."""

import uuid

NAMESPACE = uuid.UUID("6c1d3a52-6b0f-4f0e-9d6b-0d5f0a6f1a37")


def calendar_uid(what: str, key: str) -> str:
    """The same for the same key at any address of the portal. The key cannot be read from it."""
    return f"{what}-{uuid.uuid5(NAMESPACE, f'{what} {key}')}"
