"""Public pages for finding a center. Its own page is in `portal.dashboards`, because it spans several apps."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centers import center_lookup, codes
from centers.days.opening_state import OpeningState, opening_states
from centers.forms import FindForm
from centers.models import Center
from portal.anonymous import anonymous_read
from portal.ui.pagination import page_of


class Row(NamedTuple):
    """One center in a list: everything that its row shows, which is also what the row is remembered by."""

    code: str
    name: str
    is_open: bool
    state: str
    more: str


@anonymous_read
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    known = center_lookup.recent(request)
    near = [center for center in center_lookup.nearby(known[0] if known else None) if center not in known]
    states = opening_states([*known, *near])
    return render(
        request,
        "centers/home.html",
        {
            "here": known[0] if known else None,
            "known": [_row(center, states[center.pk]) for center in known],
            "near": [_row(center, states[center.pk]) for center in near],
        },
    )


@anonymous_read
@require_safe
def centers(request: HttpRequest) -> HttpResponse:
    words = FindForm(request.GET).words
    rows = Center.objects.open_to_public().search(words).select_related("division").order_by("division__code")
    rows = rows.only("name", "phone", "division__code")
    page = page_of(request, rows)
    context = {"words": words, "page": page, "groups": _by_township(list(page))}
    return render(request, "centers/centers.html", context)


def _by_township(centers: list[Center]) -> list[tuple[str, list[Row]]]:
    names, states = center_lookup.townships_of(centers), opening_states(centers)
    groups: dict[str, list[Row]] = {}
    for center in centers:
        township = codes.ancestors(center.code)[-1]
        groups.setdefault(township, []).append(_row(center, states[center.pk]))
    return [(names.get(code, ""), rows) for code, rows in groups.items()]


def _row(center: Center, opening_state: OpeningState) -> Row:
    return Row(center.code, center.name, opening_state.is_open, opening_state.state, opening_state.more)
