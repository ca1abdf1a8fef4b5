"""Finding a service item by the words that people use for it.

`search_text` is written when a version is made: one line for names, everyday words and the category, one
for their pinyin, one for their initials. A catalogue has some dozens of items, so ranking is done here over
one query's rows; that is exact, the same on both databases, and needs no search server.
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
    """Items that answer to `words`, best first; all of them, by category, when there are none.

    `items`: a queryset, a center (what is done there), or None (one of each in use anywhere). One query.
    """
    rows = list(_scope(items).select_related("division"))
    wanted = normalise(words)
    if not wanted:
        return sorted(rows, key=_shelf)
    scored = [(_score(row, words, wanted), row) for row in rows]
    return [row for score, row in sorted(scored, key=lambda pair: (-pair[0], _shelf(pair[1]))) if score]


def find(code: str, center: Center | None = None) -> ServiceItem | None:
    """The version in use of one item: the center's own county's, or the first there is."""
    if center is None:
        return _scope(None).filter(code=code).order_by(*NEAREST).first()
    return next(iter(_found(code=code, **codes.line(center.code))), None)


@Prepared
def _found(code: str, **line: str):
    current = ServiceItem.objects.current().filter(code=code, division__code__in=list(line.values()))
    return current.order_by(*NEAREST)[:1]


def normalise(words: str) -> str:
    """Half-width, small letters, nothing between: ＹＬ ＲＺ as ylrz, 养老 认证 as 养老认证."""
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
    with translation.override("zh-hans"):  # the language that people search in, whoever saves
        category = str(Category(item.category).label)
    # A remark in brackets is a term of its own, so that a name can be matched from its start.
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
    """How well an item answers: the whole term before its start, its start before its middle, loose matches last."""
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
    # One letter in the middle of some pinyin says nothing.
    return most - 30 if len(wanted) > 1 else 0


def _loosely(wanted: str, terms: str) -> float:
    """The share of neighbouring pairs of characters that occur: 养老金的认证 still finds 养老金认证."""
    pairs = [wanted[at : at + 2] for at in range(len(wanted) - 1)]
    if not pairs:
        return 0
    share = sum(pair in terms for pair in pairs) / len(pairs)
    return 40 * share if share >= LOOSE else 0
