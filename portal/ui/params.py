"""The text of a search field in the query string."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.ui.forms import clean_text

LONGEST = 30
LONGEST_ADDRESS = 200  # a barcode scanner types the URL of a slip's QR code


def typed(request: HttpRequest, name: str = "q", longest: int = LONGEST) -> str:
    try:
        return clean_text(request.GET.get(name, ""))[:longest]
    except ValidationError:
        return ""
