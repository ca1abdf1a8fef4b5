"""The name of a page, by its URL name: the one that the menu and the page 管理 give it, in whatever text names it.

So a text never names a page that does not exist, and a test can follow it.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext


def titles() -> dict[str, str | Promise]:
    """URL name → title, of each entry of settings.MENU and settings.MANAGE; the first of those with one name."""
    found: dict[str, str | Promise] = {}
    for table in (settings.MANAGE, settings.MENU):
        for entries in table.values():
            for name, title, *_more in entries:
                found.setdefault(name, title)
    return found


def title(name: str) -> str | Promise:
    """Raises KeyError for a page that no table names."""
    return titles()[name]


def _quoted(name: str) -> str:
    return gettext("“%(page)s”") % {"page": title(name)}


# Of a URL name, for a sentence: “开放时间”. In the reader's language, also where the sentence is made at import.
quoted = lazy(_quoted, str)


def link(name: str, center: str = "") -> str:
    """A link with the page's title as its text; `center` is the code of the one that the page shows."""
    query = f"?{urlencode({'center': center})}" if center else ""
    return format_html('<a href="{}{}">{}</a>', reverse(name), query, title(name))
