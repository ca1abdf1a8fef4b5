"""Full-text search of service items by everyday words, pinyin and initials.

`search_text` is a denormalized column, written with each version: one line with names, keywords and category, one with
their pinyin, one with their initials. A catalog has some dozens of items, so they are ranked in Python after one query:
exact, the same on both databases, and without a search server or index.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.db.models import Min, QuerySet
from django.utils import translation

from appointments.catalog.likeness import Document, Likeness
from appointments.catalog.models import Category, ServiceItem
from centers import codes
from centers.importing.spelling import spell
from centers.models import Center
from portal.prepared import Prepared

_DATA = tomllib.loads((Path(__file__).parent / "data" / "search.toml").read_text(encoding="utf-8"))
READINGS: dict[str, str] = _DATA["readings"]
FILLER = re.compile("|".join(sorted(map(re.escape, _DATA["filler"]), key=len, reverse=True)))
SAME = {word: first for first, others in _DATA["same"].items() for word in others}
_SAME = re.compile("|".join(sorted(map(re.escape, SAME), key=len, reverse=True)))
RELATIONS = {word: relation for relation, words in _DATA["family"].items() for word in words}
_RELATION = re.compile("|".join(sorted(map(re.escape, RELATIONS), key=len, reverse=True)))
_AROUND = re.compile(f"^({'|'.join(_DATA['before'])})+|({'|'.join(_DATA['after'])})+$")
# Least likeness, 0 to 1, below which an item is not what was meant.
ALIKE = 0.28
NEAREST = ["-division__code"]

# The most that likeness counts beside a term that is said as it is.
LIKELY = 80

Scope = QuerySet[ServiceItem] | Center | None


def search(items: Scope, words: str = "") -> list[ServiceItem]:
    """Items that match `words`, best first; all items by category when `words` is empty.

    `items`: a queryset, a center (the items offered there), or None (one of each code anywhere). One query.
    """
    rows = list(_scope(items).select_related("division"))
    wanted = normalise(words)
    if not wanted:
        return sorted(rows, key=_shelf)
    said = [] if wanted.isascii() else pieces(wanted)
    alike = _likely(rows, said)
    scored = [
        (max(_score(row, words, wanted, "".join(said)), LIKELY * alike.get(number, 0.0)), row)
        for number, row in enumerate(rows)
    ]
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
    spelled = [[sound(character) for character in term] for term in terms]
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


def relation(words: str) -> str:
    """For whom something is said to be, as a value of FamilyLink.Relation; "" for whoever says it."""
    found = _RELATION.search(normalise(words))
    return RELATIONS[found[0]] if found else ""


def pieces(wanted: str) -> list[str]:
    """What is left of normalised words without the family and what means nothing by itself, in everyday terms."""
    return FILLER.sub(" ", same(_RELATION.sub(" ", wanted))).split()


def same(text: str) -> str:
    return _SAME.sub(lambda found: SAME[found[0]], text)


def sound(character: str) -> str:
    return READINGS.get(character) or spell(character)[0]


@lru_cache(64)
def likeness(texts: tuple[tuple[str, str], ...]) -> Likeness:
    """Of the names and the summaries of the items; built once for each state of a catalog."""
    documents = []
    for terms, about in texts:
        *names, category = terms.split() or [""]
        documents.append(Document(tuple(map(same, names)), (same(about), category)))
    return Likeness(documents, sound)


def _likely(rows: list[ServiceItem], wanted: list[str]) -> dict[int, float]:
    """How alike each row is to pieces of what was said, by its index."""
    texts = tuple((row.search_text.split("\n")[0], normalise(row.summary)) for row in rows)
    scores = likeness(texts).scores(wanted)
    return {number: score for number, score in scores.items() if score >= ALIKE}


def _score(item: ServiceItem, words: str, wanted: str, meant: str) -> float:
    """Relevance, 0 to 100: whole term, then prefix, then substring."""
    said, sounds, initials = [*item.search_text.split("\n"), "", "", ""][:3]
    if wanted.isascii():
        return max(_best(wanted, sounds, 90), _best(wanted, initials, 95))
    core = _AROUND.sub("", wanted) or wanted
    parts = [part for part in map(normalise, words.split()) if part]
    return max(
        _best(wanted, said, 100),
        _best(core, said, 90),
        _best(meant, said, 88) if len(meant) > 1 else 0,
        50 if len(parts) > 1 and all(part in said for part in parts) else 0,
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
