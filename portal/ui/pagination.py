"""Pagination. A page number out of range gives the nearest page, never an error."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 20


def page_of(request: HttpRequest, rows, per_page: int = PER_PAGE) -> Page:
    """The page of ?page=; its `.query` holds the other parameters, for components/pager.html."""
    paginator = Paginator(rows, per_page)
    page = paginator.page(nearest(request.GET.get("page", ""), paginator.num_pages))
    others = request.GET.copy()
    others.pop("page", None)
    page.query = f"{others.urlencode()}&" if others else ""
    return page


def nearest(asked: str, pages: int) -> int:
    # Truncated before int(), which raises ValueError for thousands of digits.
    negative, digits = asked.strip().startswith("-"), asked.strip().lstrip("-")[:9]
    if negative or not digits.isascii() or not digits.isdigit():
        return 1
    return min(max(int(digits), 1), pages)
