"""What was typed for a step that was not taken, for the forms of the page that is shown again.

The middleware of portal.accounts.kept_text sets it for one request; forms and templates read it.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass, field

from django import forms
from django.http import HttpRequest, QueryDict

_current: ContextVar["Kept | None"] = ContextVar("kept", default=None)
# What a person wrote, and not a key or a choice.
_WRITTEN = re.compile(r"[^\x00-\x7f]|\S\s+\S")


@dataclass
class Kept:
    """`page` is the address of the form; `values` as the browser sent them, None on every other page."""

    page: str
    values: QueryDict | None = None
    taken: set[str] = field(default_factory=set)

    @property
    def is_here(self) -> bool:
        return self.values is not None

    @property
    def texts(self) -> list[str]:
        """What no form of the page has taken, to be copied by hand."""
        left = (self.values or QueryDict()).lists()
        return [text for name, texts in left if name not in self.taken for text in texts if _WRITTEN.search(text)]


def show(kept: Kept | None) -> None:
    _current.set(kept)


def fill(form: forms.BaseForm) -> None:
    """Give an empty form what was typed into it; a form of which less than half was sent is another one."""
    kept = _current.get()
    if kept is None or kept.values is None or form.is_bound:
        return
    sent = {name: form.add_prefix(name) for name in form.fields if form.add_prefix(name) in kept.values}
    if not sent or len(sent) * 2 < len(form.fields):
        return
    typed = {name: form.fields[name].widget.value_from_datadict(kept.values, {}, at) for name, at in sent.items()}
    form.initial = {**form.initial, **typed}
    kept.taken |= set(sent.values())


def kept(request: HttpRequest) -> dict[str, Kept | None]:
    """Context processor: a name that no view uses for anything of its own."""
    return {"kept_text": _current.get()}
