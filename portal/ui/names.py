"""Names of people: one spelling to store and show, and one key to compare and search by. Pure.

Every name passes through here on its way into a column (portal.ui.columns) and into a search, whichever entrance it
came by: form, sheet, API, admin. A name is its owner's: nothing is shortened, translated or guessed.
"""

import re
import unicodedata
from functools import lru_cache

from portal.ui.text import clean_text

LONGEST = 40
# A key can be longer than its name: NFKC spells ligatures and some Arabic words out.
LONGEST_KEY = 120

# Input methods, copied text and old systems have one for another: registers use U+00B7 for 买买提·艾力.
_DOTS = "·•‧∙⋅・･"
_ZERO = "\u3007"  # as in 冯〇
_CIRCLES = "\u25cb\u25ef"  # typed for it
# Chinese characters, rare ones and those of private use, which local fonts have.
_HAN = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff"
    rf"\U00020000-\U0003fffd\U000f0000-\U0010fffd{_CIRCLES}"
)
_APOSTROPHES, _HYPHENS = "’‘ʼ`´′＇", "‐‑‒–—−"
SIGNS_OF_KEYS = "'-·."  # what of these is left in a key
_BETWEEN = f"· .་'-{_APOSTROPHES}{_HYPHENS}"
_AS_ASCII = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_HYPHENS, "-")})


# A booking asks for one name nine times: form, columns, keys.
@lru_cache(maxsize=1_000)
def clean(text: str) -> str:
    """The spelling to store: `李　四` as 李四, `买买提 • 艾力` as 买买提·艾力; O’Brien and Anna Müller as they are."""
    text = clean_text(re.sub("[\ud800-\udfff]", "", text))
    if text.isascii():
        return text
    text = re.sub(rf"(?:\s*[{_DOTS}])+\s*", "·", text)
    text = re.sub(rf"(?<=[{_HAN}])\s*\.\s*(?=[{_HAN}])", "·", text)
    text = re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", text)
    text = re.sub(rf"(?<=[{_HAN}])[{_CIRCLES}]|[{_CIRCLES}](?=[{_HAN}])", _ZERO, text)
    return text.strip("· ")


@lru_cache(maxsize=1_000)
def key(text: str) -> str:
    """What two spellings of one name share: also without case, spaces, kinds of apostrophe and of compatible sign."""
    folded, before = clean(text), None
    while folded != before:  # folding can make something that folds again
        before = folded
        plain = unicodedata.normalize("NFKC", folded.translate(_AS_ASCII)).casefold()
        folded = re.sub(r"\s", "", clean(plain))
    return folded[:LONGEST_KEY]


def without_signs(typed: str) -> str:
    """A key as a search compares it: without what stands between the parts of a name."""
    return typed.translate(dict.fromkeys(map(ord, SIGNS_OF_KEYS)))


def is_name(text: str) -> bool:
    """Whether a cleaned text can be somebody's name: letters and characters of any script, at least one."""
    return bool(text) and _letter(text[0]) and all(_letter(one) or one in _BETWEEN for one in text)


def _letter(character: str) -> bool:
    """〇 is a number by its category, private use has none, and newer characters are unknown to this Python."""
    if unicodedata.category(character)[0] in "LM" or character == _ZERO:
        return True
    return unicodedata.category(character) == "Co" or 0x20000 <= ord(character) <= 0x3FFFF
