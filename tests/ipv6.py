"""Addresses of one IPv6 network, of one wider network, and of many."""


def in_one_64(number: int) -> str:
    return f"2001:db8:1:2::{number:x}"


def in_one_48(number: int) -> str:
    return f"2001:db8:1:{number:x}::1"


def elsewhere(number: int) -> str:
    return f"2001:db8:{number + 2:x}::1"
