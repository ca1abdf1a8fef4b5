"""Pinyin and initials of place names, so that lwc finds 柳湾村.

Character by character with str.translate and a cache, fast enough for the national list. Characters with several
readings are resolved by the table below and not by a phrase dictionary.
"""

import os

from centers.short_names import short_name

# Readings in place names, for characters for which the dictionary lists another reading first.
PLACE_READINGS = {
    "长": "chang",
    "重": "chong",
    "厦": "xia",
    "都": "du",
    "朝": "chao",
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "蚌": "beng",
    "番": "fan",
    "莘": "xin",
    "枞": "zong",
    "铅": "yan",
    "尉": "wei",
    "佛": "fo",
    "缪": "miao",
    "堡": "bao",
}


class _Readings(dict):
    def __missing__(self, point: int) -> str:
        character = chr(point)
        self[point] = reading = _reading(character)
        return reading


class _Initials(dict):
    def __missing__(self, point: int) -> str:
        self[point] = initial = _readings[point][:1]
        return initial


_readings, _initials = _Readings(), _Initials()


def _reading(character: str) -> str:
    if character in PLACE_READINGS:
        return PLACE_READINGS[character]
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    # The phrase dictionary takes 45 MB and is not used here.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(character, style=Style.NORMAL, errors="ignore")).replace("ü", "v")


def spell(name: str) -> tuple[str, str]:
    """Pinyin and initials of a name's short form, truncated to Division's columns."""
    said = short_name(name)
    return said.translate(_readings)[:200], said.translate(_initials)[:80]
