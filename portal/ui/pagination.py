"""Pagination. A page number out of range gives the nearest page, never an error."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from portal.ui.params import number

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
    # Cut, so that a page far behind the last one is the last one, however many digits it has.
    return min(max(number(asked.strip()[:9]) or 1, 1), pages)
