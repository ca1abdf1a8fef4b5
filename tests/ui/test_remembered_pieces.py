"""A rendered piece of a page is remembered by everything that it shows: nobody is shown somebody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.template import engines
from django.template.base import FilterExpression, Node, Variable
from django.template.defaulttags import ForNode
from django.template.loader_tags import IncludeNode
from django.templatetags.cache import CacheNode
from django.urls import reverse

from tests import factories

TEMPLATES = Path(settings.BASE_DIR) / "templates"
REMEMBERING = sorted(
    str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if "{% cache " in path.read_text("utf-8")
)
# Filters that read the clock besides their argument, and the name under which a piece has it.
READ_THE_CLOCK = {"near_day": "today", "day": "today", "plain_day": "today"}
NEVER = {"moment", "ago", "span"}  # change within a day, or on the way


def pieces(source: str) -> list[CacheNode]:
    return engines["django"].engine.from_string(source).nodelist.get_nodes_by_type(CacheNode)


def parts(held: object) -> Iterator[object]:
    """All nodes, expressions and variables in it."""
    if isinstance(held, list | tuple):
        for one in held:
            yield from parts(one)
    elif isinstance(held, dict):
        yield from parts(list(held.values()))
    elif isinstance(held, Node):
        yield held
        yield from parts(list(vars(held).values()))
    elif isinstance(held, FilterExpression):
        yield held
        yield from parts([held.var, *(argument for _filter, given in held.filters for _is, argument in given)])
    elif hasattr(held, "first"):  # of an {% if %}
        yield from parts([getattr(held, name, None) for name in ("first", "second", "value")])
    elif isinstance(held, Variable) or hasattr(held, "value"):
        yield held
        yield from parts(getattr(held, "value", None))


def names(held: object) -> set[str]:
    return {part.lookups[0] for part in parts(held) if isinstance(part, Variable) and part.lookups}


def shown_by(piece: CacheNode) -> set[str]:
    """What of the context the piece reads, without what it gives itself."""
    given = {"forloop"}
    for part in parts(piece.nodelist):
        if isinstance(part, ForNode):
            given |= set(part.loopvars)
        if isinstance(part, Node):
            given |= {str(getattr(part, name, None)) for name in ("target_var", "asvar", "variable")}
            given |= set(getattr(part, "extra_context", ()))
        if isinstance(part, IncludeNode):
            assert part.isolated_context, "what an include without `only` reads is not seen here"
    return (names(piece.nodelist) - given) | {READ_THE_CLOCK[one] for one in filters(piece) & READ_THE_CLOCK.keys()}


def filters(piece: CacheNode) -> set[str]:
    found = [part.filters for part in parts(piece.nodelist) if isinstance(part, FilterExpression)]
    return {function._filter_name for one in found for function, _arguments in one}


@pytest.mark.parametrize("name", REMEMBERING)
def test_a_piece_is_remembered_by_what_it_shows(name):
    source = (TEMPLATES / name).read_text("utf-8")
    for piece in pieces(source):
        assert (shown_by(piece) | {"language"}) - names(piece.vary_on) == set()
        assert filters(piece) & NEVER == set()


@pytest.mark.parametrize(
    ("shows", "what"),
    [
        ("{{ center.name }}", {"center"}),
        ("{% if user.is_authenticated %}1{% endif %}", {"user"}),
        ("{% for entry in rows %}{{ entry }}{{ chosen }}{% endfor %}", {"rows", "chosen"}),
        ("{{ start|near_day }}", {"start", "today"}),
        ("{% with name=here.name %}{{ name|default:words }}{% endwith %}", {"here", "words"}),
        ('{% include "components/phone.html" with phone=number only %}', {"number"}),
        ('{% url "center" code %}', {"code"}),
    ],
)
def test_control_what_a_piece_shows_is_seen(shows, what):
    [piece] = pieces("{% load cache ui %}{% cache 9 piece language %}" + shows + "{% endcache %}")
    assert shown_by(piece) == what


@pytest.mark.django_db
@pytest.mark.once
def test_a_page_is_the_same_from_memory_as_anew(client, center, item):
    factories.open_on(center, *range(7))
    pages = [
        reverse("home"),
        reverse("centers"),
        reverse("book_time", args=[center.code, item.code]),
        reverse("book_time", args=[center.code, item.code]) + "?more=1",
    ]
    seen = {}
    for is_remembered in (False, True, False):
        for cookies in (
            {},
            {"look": "elder"},
            {"look": "elder", "text": "2"},
            {"contrast": "high"},
            {"language": "en"},
        ):
            client.cookies.load(cookies)
            for page in pages:
                if not is_remembered:
                    caches["fragments"].clear()
                content = client.get(page).content
                assert seen.setdefault((page, str(cookies)), content) == content
            client.cookies.clear()
    assert len(set(seen.values())) == len(seen)
