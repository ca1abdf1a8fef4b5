"""Test double for the apps above accounts: collects SMS codes, and answers who has a role."""

from datetime import datetime

outbox: list[tuple[str, str]] = []


def send(phone: str, code: str, expires_at: datetime) -> None:
    outbox.append((phone, code))


def nobody(user) -> bool:
    return False


def only_liu(user) -> bool:
    return user.username == "liu"
