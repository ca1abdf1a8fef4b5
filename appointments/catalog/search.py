"""Full-text search of service items by everyday words, pinyin and initials.

`search_text` is a denormalized column, written with each version: one line with names, keywords and category, one with
their pinyin, one with their initials. A catalog has some dozens of items, so they are ranked in Python after one query:
exact, the same on both databases, and without a search server or index.
"""

import re
import tomllib
import unicodedata
from pathlib import Path

from django.db.models import Min, QuerySet
from django.utils import translation

from appointments.catalog.models import Category, ServiceItem
from centers import codes
from centers.importing.spelling import spell
from centers.models import Center
from portal.prepared import Prepared

_DATA = tomllib.loads((Path(__file__).parent / "data" / "search.toml").read_text(encoding="utf-8"))
READINGS: dict[str, str] = _DATA["readings"]
_AROUND = re.compile(f"^({'|'.join(_DATA['before'])})+|({'|'.join(_DATA['after'])})+$")
LOOSE = 0.6
NEAREST = ["-division__code"]

Scope = QuerySet[ServiceItem] | Center | None


def search(items: Scope, words: str = "") -> list[ServiceItem]:
    """Items that match `words`, best first; all items by category when `words` is empty.

    `items`: a queryset, a center (the items offered there), or None (one of each code anywhere). One query.
    """
    rows = list(_scope(items).select_related("division"))
    wanted = normalise(words)
    if not wanted:
        return sorted(rows, key=_shelf)
    scored = [(_score(row, words, wanted), row) for row in rows]
    return [row for score, row in sorted(scored, key=lambda pair: (-pair[0], _shelf(pair[1]))) if score]


def find(code: str, center: Center | None = None) -> ServiceItem | None:
    """The current version of one item: the nearest division's of the center, or of any county without a center."""
    if center is None:
        return _scope(None).filter(code=code).order_by(*NEAREST).first()
    return next(iter(_found(code=code, **codes.line(center.code))), None)


@Prepared
def _found(code: str, **line: str):
    return ServiceItem.objects.offered_along(line.values()).filter(code=code).order_by(*NEAREST)[:1]


def normalise(words: str) -> str:
    """Normalize for matching: half-width, lower case, letters and digits only: ＹＬ ＲＺ to ylrz."""
    text = unicodedata.normalize("NFKC", words).lower()
    return "".join(character for character in text if character.isalnum())[:50]


def search_text(item: ServiceItem) -> str:
    terms = [normalise(term) for term in _terms(item)]
    terms = [term for term in dict.fromkeys(terms) if term]
    spelled = [[READINGS.get(character) or spell(character)[0] for character in term] for term in terms]
    return "\n".join(
        (
            " ".join(terms),
            " ".join("".join(sounds) for sounds in spelled),
            " ".join("".join(sound[:1] for sound in sounds) for sounds in spelled),
        )
    )


def _terms(item: ServiceItem) -> list[str]:
    with translation.override("zh-hans"):  # searches are in Chinese, whatever the editor's language
        category = str(Category(item.category).label)
    # A remark in brackets is a term of its own, so that the name matches from its start.
    return [*re.split(r"[（）()、,，]", f"{item.everyday_name}、{item.name}"), *item.keywords.split(), category]


def _scope(items: Scope) -> QuerySet[ServiceItem]:
    if isinstance(items, Center):
        return ServiceItem.objects.at(items)
    if items is None:
        current = ServiceItem.objects.current()
        return current.filter(pk__in=current.order_by().values("code").annotate(first=Min("pk")).values("first"))
    return items


def _shelf(item: ServiceItem) -> tuple:
    return list(Category.values).index(item.category), item.pk


def _score(item: ServiceItem, words: str, wanted: str) -> float:
    """Relevance, 0 to 100: whole term, then prefix, then substring, then fuzzy match."""
    said, sounds, initials = [*item.search_text.split("\n"), "", "", ""][:3]
    if wanted.isascii():
        return max(_best(wanted, sounds, 90), _best(wanted, initials, 95))
    core = _AROUND.sub("", wanted) or wanted
    parts = [part for part in map(normalise, words.split()) if part]
    return max(
        _best(wanted, said, 100),
        _best(core, said, 90),
        50 if len(parts) > 1 and all(part in said for part in parts) else 0,
        _loosely(core, said),
    )


def _best(wanted: str, terms: str, most: int) -> float:
    if wanted not in terms:
        return 0
    found = [term for term in terms.split() if wanted in term]
    if wanted in found:
        return most
    if any(term.startswith(wanted) for term in found):
        return most - 15
    # A single letter inside pinyin matches nearly everything.
    return most - 30 if len(wanted) > 1 else 0


def _loosely(wanted: str, terms: str) -> float:
    """Fuzzy match: the share of character bigrams that occur, so that 养老金的认证 finds 养老金认证."""
    pairs = [wanted[at : at + 2] for at in range(len(wanted) - 1)]
    if not pairs:
        return 0
    share = sum(pair in terms for pair in pairs) / len(pairs)
    return 40 * share if share >= LOOSE else 0
