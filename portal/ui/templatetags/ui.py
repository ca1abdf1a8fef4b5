"""Template filters for times, codes, phones and names (see portal.ui.words), and tags of the layout.

Every filter returns "" for None or "", so that templates need no {% if %}.
"""

from collections.abc import Callable
from functools import cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.ui import assets, words

register = template.Library()


def _empty_for_none(formatter: Callable) -> Callable:
    def formatted(value, *args):
        return "" if value in (None, "") else formatter(value, *args)

    return formatted


for _name in (
    "moment",
    "day",
    "plain_day",
    "weekday",
    "clock",
    "short_clock",
    "short_day",
    "near_day",
    "places_left",
    "ago",
    "code",
    "phone",
    "tel",
    "masked_phone",
    "masked_name",
):
    register.filter(_name, _empty_for_none(getattr(words, _name)))


@register.filter
def span(start, end):
    """{{ slot.starts_at|span:slot.ends_at }} → 12月3日 周三 上午9:00–9:30"""
    return words.span(start, end) if start and end else ""


@register.simple_tag
def asset(name: str) -> str:
    """The URL of a bundle: {% asset "app.css" %}"""
    return reverse("asset", kwargs={"digest": assets.bundle(name).digest, "name": name})


@register.simple_tag
def page_language() -> str:
    """The BCP 47 tag for <html lang>, as screen readers expect it."""
    return {"zh-hans": "zh-Hans"}.get(get_language() or "", get_language() or "zh-Hans")


@register.simple_tag
def today() -> str:
    """2026-12-03. Django's `now` reads the machine's clock, and not the demo's (portal.clock)."""
    return timezone.localdate().isoformat()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of templates/icons: {% icon "phone" %}. Always beside a word."""
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    # Cached: a page has dozens of icons, and each is a template.
    return mark_safe(render_to_string(f"icons/{name}.html").strip())


@register.filter
def upto(total: int) -> range:
    """{% for part in 4|upto %}: 1, 2, 3, 4"""
    return range(1, int(total) + 1)


@register.filter
def beside(head: list, row: list) -> list:
    """Cells zipped with their column headers."""
    return list(zip(head, row, strict=False))


@register.filter
def levels(_: str) -> list[tuple[int, str]]:
    """The five rating levels with their labels, best first."""
    return words.levels()
