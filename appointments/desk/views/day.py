"""The day at the desk: the list, its marks, polling for changes, and the list on paper."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from appointments.booking.access import appointment_for
from appointments.booking.displaced import displaced
from appointments.booking.models import Appointment
from appointments.desk import board as desk
from appointments.desk import marks
from appointments.desk.views.window import window_of, windows_of
from appointments.tickets.access import ticket_for
from appointments.tickets.models import State, Ticket
from centers import access
from centers.models import Center
from centers.request_access import center_for, other_centers
from portal.accounts.roles import Permission
from portal.ui import params
from portal.ui.errors import RuleBroken
from portal.ui.htmx import render_part

# In display order; the labels are those of the pills in the list.
COUNTED = {
    State.WAITING: gettext_lazy("等候"),
    State.CALLED: gettext_lazy("在办"),
    State.EXPECTED: gettext_lazy("还没来"),
    State.DONE: gettext_lazy("已办"),
    State.MISSED: gettext_lazy("未到"),
    State.GONE: gettext_lazy("已取消"),
}


@never_cache
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    context = _page(request, center_for(request, Permission.VIEW_DAY))
    return render_part(request, "appointments/desk/day.html", "appointments/desk/board.html", context)


def whole_board(request: HttpRequest, center: Center, refusal: str = "", notice: str = "") -> HttpResponse:
    """The current board as an htmx fragment, with a refusal or notice."""
    context = _page(request, center) | {"refusal": refusal, "notice": notice}
    return render(request, "appointments/desk/board.html", context)


def _page(request: HttpRequest, center: Center) -> dict:
    board = desk.board(center, asked_day(request))
    words, show = params.typed(request, longest=params.LONGEST_ADDRESS), _state(request.GET)
    can_see_names = access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center)
    rows = board.matching(words, can_see_names=can_see_names) if words else board.only(show)
    found = rows[0] if words and len(rows) == 1 else None
    person = board.find(request.GET.get("person", "")) or found or board.at_window(window_of(request))
    context = board_context(request, board, person)
    return context | {
        "rows": rows,
        # Search and filter results are shown unfolded; the day's list starts with the next people.
        "stretches": desk.stretch_of(rows) if words or show else board.stretches,
        "words": words,
        "show": show,
        "is_found": found is not None,
        # On a phone, results are shown above the person at the window.
        "list_first": bool(words or show) and found is None,
        "elsewhere": desk.on_other_days(center, board.day, words, can_see_names=can_see_names)
        if words and not rows
        else [],
        "previous": board.day - timedelta(days=1),
        "next": board.day + timedelta(days=1),
        "others": other_centers(request, Permission.VIEW_DAY),
        "displaced": displaced().settled_at(center).count(),
    }


@never_cache
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """Polled: how many people changed state since the page was rendered; 204 if none."""
    center = center_for(request, Permission.VIEW_DAY)
    number = desk.changes(request.GET.get("shown", ""), desk.states(center, asked_day(request)))
    if not number:
        return HttpResponse(status=204)
    here = urlencode({"center": center.code, "day": asked_day(request).isoformat()})
    return render(request, "appointments/desk/news.html", {"number": number, "here": here, "now": timezone.now()})


@require_POST
def mark(request: HttpRequest, pk: int, mark: str) -> HttpResponse:
    return _mark(request, mark, appointment=appointment_for(request, pk, Permission.MARK_ATTENDANCE))


@require_POST
def mark_ticket(request: HttpRequest, pk: int, mark: str) -> HttpResponse:
    ticket = ticket_for(request, pk, Permission.MARK_ATTENDANCE)
    # If the ticket was identified in the meantime, its appointment is marked.
    return _mark(request, mark, appointment=ticket.appointment, ticket=ticket)


@never_cache
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The day's list to tick by hand, or (?wall=1) to pin up: then with masked names, without phones and items."""
    center = center_for(request, Permission.VIEW_DAY)
    board = desk.board(center, asked_day(request))
    booked = [row.appointment for row in board.rows if row.appointment]
    context = board_context(request, board, None) | {"rows": booked, "wall": request.GET.get("wall") == "1"}
    return render(request, "appointments/desk/paper.html", context)


def _mark(
    request: HttpRequest, name: str, appointment: Appointment | None = None, ticket: Ticket | None = None
) -> HttpResponse:
    if name not in marks.MARKS:
        raise Http404("no such mark")
    refusal = ""
    try:
        # `seen` against double taps: an undo must not undo two marks.
        seen = request.POST.get("seen", "")
        marks.mark(appointment=appointment, ticket=ticket, name=name, by=request.user, seen=seen)
    except RuleBroken as broken:
        refusal = str(broken)
    return answer(request, appointment, ticket, refusal)


def answer(request: HttpRequest, appointment: Appointment | None, ticket: Ticket | None, refusal: str) -> HttpResponse:
    """The changed parts for htmx; otherwise a redirect to the list where the button was."""
    if appointment is None:
        # The ticket may have been identified concurrently: then its row has the appointment's key.
        appointment = Appointment.objects.for_pages().filter(ticket=ticket).first()
    place = appointment or ticket
    key = f"a{appointment.pk}" if appointment else f"t{ticket.pk}"
    that_day = timezone.localdate(appointment.starts_at) if appointment else ticket.day
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        back_query = _back_query(request) or urlencode({"center": place.center.code, "day": that_day.isoformat()})
        return redirect(f"{reverse('desk')}?{back_query}#{key}")
    board = desk.board(place.center, that_day)
    row = board.find(key)
    person = board.find(request.POST.get("person", "")) or board.at_window(window_of(request)) or row
    context = board_context(request, board, person)
    if row.state == State.MISSED and not refusal and board.queue:
        # The place is free now: suggest somebody who is waiting.
        first = board.queue[0].words["who"]
        context["notice"] = _("空出来了，可以先办%(who)s。") % {"who": first}
    context |= {"row": row, "refusal": refusal, "show": _state(QueryDict(request.POST.get("back", "")))}
    context["shown"] = desk.known(request.POST.get("shown", ""), row)
    return render(request, "appointments/desk/changed.html", context)


def board_context(request: HttpRequest, board: desk.Board, person: desk.Row | None) -> dict:
    counts, here = board.counts, {"center": board.center.code, "day": board.day.isoformat()}
    window = window_of(request) if board.is_today else None
    return {
        "center": board.center,
        "day": board.day,
        "is_today": board.is_today,
        "board": board,
        "shown": board.shown,
        "counts": [
            {"state": state, "word": word, "number": counts[state], "query": urlencode({**here, "show": state})}
            for state, word in COUNTED.items()
        ],
        "person": person or board.next_up(),
        "window": window,
        "windows": windows_of(board.center),
        "at_window": board.at_window(window),
        "upcoming": board.next_up(after=board.at_window(window)),
        "here": urlencode(here),
        # Without JavaScript, a mark redirects to the same list with the same filter.
        "back_query": request.GET.urlencode() or urlencode(here),
        "now": board.now,
        **_rights(request, board.center),
    }


def _back_query(request: HttpRequest) -> str:
    """The list's query string, re-encoded so that the input cannot be anything but a query."""
    return QueryDict(request.POST.get("back", "")).urlencode()


def asked_day(request: HttpRequest) -> date:
    """The day that ?day= names; today for anything that is no day of ours."""
    return params.day(request.GET.get("day")) or timezone.localdate()


def _rights(request: HttpRequest, center: Center) -> dict:
    granted = access.permissions_at(request.user, center)
    return {
        "can_mark": Permission.MARK_ATTENDANCE in granted,
        "can_book": Permission.BOOK_FOR_OTHERS in granted,
        "can_see_names": Permission.VIEW_CONTACTS in granted,
    }


def _state(query: QueryDict) -> State | None:
    asked = query.get("show")
    return State(asked) if asked in State.values else None
