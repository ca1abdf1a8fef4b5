"""What was typed into the one field of a page."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.ui.forms import clean_text

LONGEST = 30


def typed(request: HttpRequest, name: str = "q") -> str:
    try:
        return clean_text(request.GET.get(name, ""))[:LONGEST]
    except ValidationError:
        return ""
