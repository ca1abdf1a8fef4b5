"""Short forms of the official names of divisions. Pure."""

# (suffix of the official name, replacement); the first match wins.
TAILS = (
    ("村民委员会", ""),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
)


def short_name(name: str) -> str:
    """柳湾村 for 柳湾村村民委员会, 光明社区 for 光明居委会; 柳湾村 stays as it is."""
    for tail, said in TAILS:
        before = name.removesuffix(tail)
        if before and before != name:
            return before if before.endswith(said) else before + said
    return name
