"""The buttons of a row, rendered once per state and cached, instead of two hundred times a page."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

KEY, BASE, WHO = "\ue000", "\ue001", "\ue002"
LOOK = ("state", "arrive", "serve", "miss", "undo")


@register.simple_tag
def marks_of(line: dict) -> SafeString:
    """`templates/appointments/desk/marks.html` for the `words` of a desk.Row."""
    drawn = _drawn(get_language(), *(line[name] for name in LOOK))
    # The name is substituted last, so that placeholder characters inside a name are not replaced.
    return mark_safe(drawn.replace(KEY, line["key"]).replace(BASE, line["base"]).replace(WHO, escape(line["who"])))


@cache
def _drawn(_language: str | None, *look: str) -> str:
    line = dict(zip(LOOK, look, strict=True)) | {"key": KEY, "base": BASE, "who": WHO}
    return render_to_string("appointments/desk/marks.html", {"line": line}).strip()
