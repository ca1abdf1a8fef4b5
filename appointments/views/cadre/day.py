"""The day at the desk: the list, the marks, and the same list on paper."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from appointments import desk
from appointments.models import Appointment, OfflineMark
from appointments.models.appointment import Status
from appointments.services import attendance
from appointments.views.cadre.reach import appointment_for, center_for
from appointments.views.cadre.words import typed
from centers import access
from centers.models import Center
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken

MARKS = {
    "arrive": attendance.arrive,
    "serve": attendance.serve,
    "miss": attendance.miss,
    "undo": attendance.undo,
}
# In the order in which they are looked at; the words are those of the pills in the list.
COUNTED = {
    Status.ARRIVED: _("等候"),
    Status.BOOKED: _("还没来"),
    Status.SERVED: _("已办"),
    Status.MISSED: _("未到"),
    Status.CANCELLED: _("已取消"),
}


@never_cache
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.VIEW_DAY)
    board = desk.board(center, _asked_day(request))
    words, show = typed(request), _status(request)
    rows = board.matching(words) if words else board.only(show)
    person = board.find(_number(request.GET.get("person"))) or (rows[0] if words and len(rows) == 1 else None)
    context = _board_context(request, board, person or board.next_up())
    context |= {
        "rows": rows,
        "words": words,
        "show": show,
        "elsewhere": desk.on_other_days(center, board.day, words) if words and not rows else [],
        "previous": board.day - timedelta(days=1),
        "next": board.day + timedelta(days=1),
        "is_today": board.day == timezone.localdate(),
        "others": _other_centers(request),
        "left": OfflineMark.objects.unsettled().filter(center=center).count() if context["can_mark"] else 0,
    }
    return render(request, "appointments/desk/day.html", context)


@require_POST
def mark(request: HttpRequest, pk: int, mark: str) -> HttpResponse:
    if mark not in MARKS:
        raise Http404("no such mark")
    appointment = appointment_for(request, pk, Permission.MARK_ATTENDANCE)
    # Taking back goes one step at a time: a second tap must not take back one more.
    seen = {"seen": request.POST.get("seen") or None} if mark == "undo" else {}
    try:
        MARKS[mark](appointment=appointment, by=request.user, **seen)
    except RuleBroken as broken:
        return _answer(request, appointment, str(broken))
    return _answer(request, appointment)


@never_cache
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The day's list to tick by hand, or (?wall=1) to pin up: then without names in full, phones and matters."""
    center = center_for(request, Permission.VIEW_DAY)
    board = desk.board(center, _asked_day(request))
    context = _board_context(request, board, None) | {"rows": board.rows, "wall": request.GET.get("wall") == "1"}
    return render(request, "appointments/desk/paper.html", context)


def _answer(request: HttpRequest, appointment: Appointment, refusal: str = "") -> HttpResponse:
    """The changed parts for htmx; else back to the list that the button stood in."""
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        kept = request.GET.urlencode() or urlencode(_place(appointment))
        return redirect(f"{reverse('desk')}?{kept}#a{appointment.pk}")
    board = desk.board(appointment.center, timezone.localdate(appointment.starts_at))
    person = board.find(_number(request.POST.get("person"))) or board.find(appointment.pk)
    context = _board_context(request, board, person)
    context |= {"row": board.find(appointment.pk), "refusal": refusal, "show": _status(request)}
    return render(request, "appointments/desk/changed.html", context)


def _board_context(request: HttpRequest, board: desk.Board, person: Appointment | None) -> dict:
    counts, here = board.counts, {"center": board.center.code, "day": board.day.isoformat()}
    return {
        "center": board.center,
        "day": board.day,
        "board": board,
        "counts": [
            {"status": status, "word": word, "number": counts[status], "query": urlencode({**here, "show": status})}
            for status, word in COUNTED.items()
        ],
        "person": person,
        "upcoming": board.next_up(after=person),
        "here": urlencode(here),
        # Where a mark without script comes back to: the same list, filtered as it was.
        "kept": request.GET.urlencode() or urlencode(here),
        "now": timezone.now(),
        **_rights(request, board.center),
    }


def _rights(request: HttpRequest, center: Center) -> dict:
    return {
        "can_mark": access.has_permission(request.user, Permission.MARK_ATTENDANCE, at=center),
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=center),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center),
    }


def _other_centers(request: HttpRequest) -> list[Center]:
    centers = list(access.centers_for(request.user, Permission.VIEW_DAY).order_by("division__code"))
    return centers if len(centers) > 1 else []


def _place(appointment: Appointment) -> dict:
    return {"center": appointment.center.code, "day": timezone.localdate(appointment.starts_at).isoformat()}


def _asked_day(request: HttpRequest) -> date:
    """The day that ?day= names; today for anything that is no day of ours."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked and 2000 <= asked.year <= 2100 else timezone.localdate()


def _status(request: HttpRequest) -> Status | None:
    asked = request.GET.get("show")
    return Status(asked) if asked in Status.values else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
