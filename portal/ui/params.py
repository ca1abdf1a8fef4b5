"""What was typed into the one field of a page."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.ui.forms import clean_text

LONGEST = 30
LONGEST_ADDRESS = 200  # a scanner types what stands in a slip's QR code


def typed(request: HttpRequest, name: str = "q", longest: int = LONGEST) -> str:
    try:
        return clean_text(request.GET.get(name, ""))[:longest]
    except ValidationError:
        return ""
