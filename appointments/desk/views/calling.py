"""Tickets at the desk: issuing, calling the next one, and a ticket's own page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appointments.catalog.offered import item_or_404, items_at
from appointments.desk import calling, walk_in
from appointments.desk.row import Row
from appointments.desk.views.day import answer, whole_board
from appointments.desk.views.window import window_of
from appointments.tickets.access import ticket_for
from appointments.tickets.hall import Hall, hall
from appointments.tickets.models import Priority, State, Ticket
from appointments.tickets.taking import issue_at_desk
from appointments.tickets.views import drawing_of
from centers import access
from centers.request_access import center_for, resident_for
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import key_of, new_key
from portal.ui.params import number
from portal.ui.responses import status_of, told

CHOOSE_WINDOW = gettext_lazy("先选一下您坐几号窗口，再叫号。")
ACTIONS = {"again": calling.call_again, "back": calling.put_back, "leave": calling.leave}


@never_cache
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """One tap issues a ticket: name and item are optional."""
    center = center_for(request, Permission.MARK_ATTENDANCE)
    items = items_at(center)
    refusal = None
    if request.method == "POST":
        item = next((item for item in items if item.code == request.POST.get("item")), None)
        try:
            ticket = issue_at_desk(
                center=center,
                key=key_of(request.POST.get("key", "")),
                by=request.user,
                item=item,
                priority=request.POST.get("priority", ""),
            )
        except RuleBroken as broken:
            refusal = broken
        else:
            return redirect(f"{reverse('desk_tickets')}?center={center.code}&given={ticket.pk}")
    here = hall(center)
    context = {
        "center": center,
        "items": items,
        "priorities": Priority.enabled(center.pk),
        "key": new_key(),
        "hall": here,
        "refusal": refusal,
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=center),
        **_given(request, here),
    }
    return render(request, "appointments/desk/tickets.html", context, status=status_of(refusal))


@require_POST
def call_next(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.MARK_ATTENDANCE)
    window, seen = window_of(request), number(request.POST.get("seen"))
    refusal = notice = ""
    finish = calling.Finish.ABSENT if request.POST.get("finish") == "absent" else calling.Finish.DONE
    try:
        if window is None:
            raise RuleBroken(CHOOSE_WINDOW, code="no_window")
        called = calling.call_next(center=center, window=window, by=request.user, seen=seen, finish=finish)
        notice = "" if called else _("现在没有人在等。")
    except RuleBroken as broken:
        refusal = str(broken)
    if request.htmx:
        return whole_board(request, center, refusal, notice)
    if refusal or notice:
        messages.add_message(request, messages.ERROR if refusal else messages.INFO, refusal or notice)
    return redirect(f"{reverse('desk')}?center={center.code}")


@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call this ticket out of turn."""
    ticket = ticket_for(request, pk, Permission.MARK_ATTENDANCE)
    window, refusal = window_of(request), ""
    try:
        if window is None:
            raise RuleBroken(CHOOSE_WINDOW, code="no_window")
        calling.call(ticket=ticket, window=window, by=request.user)
    except RuleBroken as broken:
        refusal = str(broken)
    return answer(request, ticket.appointment, ticket, refusal)


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    if action not in ACTIONS:
        raise Http404("no such action")
    ticket, refusal = ticket_for(request, pk, Permission.MARK_ATTENDANCE), ""
    try:
        ACTIONS[action](ticket=ticket, by=request.user)
    except RuleBroken as broken:
        refusal = str(broken)
    return answer(request, ticket.appointment, ticket, refusal)


@never_cache
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An anonymous ticket's page; with an appointment, redirects to its page."""
    ticket = ticket_for(request, pk, Permission.VIEW_DAY)
    if ticket.appointment_id:
        return redirect("desk_appointment", ticket.appointment_id)
    return render(request, "appointments/desk/ticket.html", _context(request, ticket))


@require_POST
def set_priority(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_for(request, pk, Permission.MARK_ATTENDANCE)
    with told(request):
        calling.set_priority(ticket=ticket, priority=request.POST.get("priority", ""), by=request.user)
    return redirect("desk_ticket", ticket.pk)


@never_cache
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_for(request, pk, Permission.MARK_ATTENDANCE)
    here = hall(ticket.center)
    context = {
        "ticket": ticket,
        "center": ticket.center,
        "wait": here.wait_of(ticket),
        "drawing": drawing_of(ticket),
        "first": Priority.enabled_labels(ticket.center_id),
    }
    return render(request, "appointments/desk/ticket_paper.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def identify(request: HttpRequest, pk: int, resident: int, item: str) -> HttpResponse:
    """Name the ticket's holder and item; confirmed once, then it becomes an appointment."""
    ticket = ticket_for(request, pk, Permission.BOOK_FOR_OTHERS)
    center, person = resident_for(request, resident)
    if center.pk != ticket.center_id:
        raise Http404("of another village")
    service = item_or_404(center, item)
    refusal = None
    if request.method == "POST":
        try:
            visit = walk_in.identify(ticket=ticket, resident=person, item=service, by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            return redirect(f"{reverse('desk')}?center={center.code}&person=a{visit.pk}#a{visit.pk}")
    context = {
        "ticket": ticket,
        "center": center,
        "resident": person,
        "item": service,
        "refusal": refusal,
        "question": _("%(number)s号是这一位吗？") % {"number": ticket.number},
        "action": _("对，记下来"),
        "back_url": reverse("desk_ticket", args=[ticket.pk]),
    }
    return render(request, "appointments/desk/identify.html", context, status=status_of(refusal))


def _context(request: HttpRequest, ticket: Ticket) -> dict:
    at = {"at": ticket.center}
    return {
        "ticket": ticket,
        "row": Row(None, ticket),
        "center": ticket.center,
        "is_today": ticket.day == timezone.localdate(),
        "window": window_of(request),
        "priorities": Priority.enabled(ticket.center_id),
        "states": State,
        "can_mark": access.has_permission(request.user, Permission.MARK_ATTENDANCE, **at),
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, **at),
    }


def _given(request: HttpRequest, here: Hall) -> dict:
    """The ticket that was just issued, to read out or print."""
    asked = request.GET.get("given", "")
    given = next((ticket for ticket in here.tickets if str(ticket.pk) == asked), None)
    return {"given": given, "given_wait": here.wait_of(given) if given else None}
