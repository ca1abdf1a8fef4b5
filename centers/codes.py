"""12-digit statistical division codes are materialised paths: 2 province, 2 city, 2 county, 3 township, 3 village.

A subtree is a range of codes: one BETWEEN, no tree table.
Source: the statistics bureau's rules for division codes (docs/domain.md).
"""

LENGTHS = (2, 4, 6, 9, 12)


def is_code(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdecimal() and text[:2] != "00"


def level_of(code: str) -> int:
    """1 province … 5 village: the level of the shortest prefix that is followed by zeros only."""
    for level, length in enumerate(LENGTHS, start=1):
        if not code[length:].strip("0"):
            return level
    raise ValueError(code)


def prefix(code: str) -> str:
    return code[: LENGTHS[level_of(code) - 1]]


def span(code: str) -> tuple[str, str]:
    """First and last code of the subtree, the division itself included."""
    head = prefix(code)
    return code, head + "9" * (12 - len(head))


def ancestors(code: str) -> list[str]:
    """From the province down to the direct parent."""
    return [code[:length].ljust(12, "0") for length in LENGTHS[: level_of(code) - 1]]


def line(code: str) -> dict[str, str]:
    """Codes of the division and its ancestors, by level; always five keys, as a prepared statement needs."""
    above = [*ancestors(code), code]
    return dict(zip(("province", "prefecture", "county", "township", "village"), above + above[-1:] * 4, strict=False))


def contains(upper: str, lower: str) -> bool:
    return lower.startswith(prefix(upper))
