"""Who waits for a place, and who should be called: both are telephone work, so both stand on one page."""

from datetime import timedelta

from django.contrib import messages as notices
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appointments.booking.access import appointment_for
from appointments.booking.confirmation import confirm
from appointments.booking.models import CALL_AFTER, Appointment, Status
from appointments.waiting import services as waiting
from appointments.waiting.access import entry_for
from appointments.waiting.models import WaitingEntry
from centers import access
from centers.models import Center
from centers.request_access import center_for
from portal.accounts.audit_log import log_access
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of
from portal.ui.responses import told

CALL_AHEAD, CALLS = timedelta(days=3), 20
ANSWERS = {
    "accept": (waiting.accept, _("约上了。请把预约码念给对方听。")),
    "decline": (waiting.decline, _("记下了：不要这个位子。马上问下一位。")),
    "leave": (waiting.leave, _("记下了：不等了。")),
}


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Whoever has been offered a place stands first: those without a mobile have to be called."""
    center = center_for(request, Permission.VIEW_DAY)
    line = WaitingEntry.objects.open().for_pages().filter(center=center)
    entries = page_of(
        request, line.order_by(F("offer_ends_at").asc(nulls_last=True), "slot__starts_at", "joined_at", "pk")
    )
    context = {
        "center": center,
        "entries": entries,
        "calls": to_call(center),
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=center),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center),
    }
    if context["can_see_names"]:
        # Whom to call now stands here with the number in full: who looked is kept.
        log_access([*(entry for entry in entries if entry.is_offered()), *context["calls"]])
    return render(request, "appointments/waiting/board.html", context)


def to_call(center: Center) -> list[Appointment]:
    """Bookings of the next days by people who have not come twice of late, and have not said that they will."""
    now = timezone.now()
    ahead = Appointment.objects.for_pages().filter(center=center, confirmed_at__isnull=True).with_status(Status.BOOKED)
    coming = ahead.between(now, now + CALL_AHEAD).with_misses(now).filter(missed_lately__gte=CALL_AFTER)
    return list(coming.order_by("starts_at", "pk")[:CALLS])


@require_POST
def answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """What the person has said on the telephone."""
    if answer not in ANSWERS:
        raise Http404("no such answer")
    entry = entry_for(request, pk, Permission.BOOK_FOR_OTHERS)
    act, done = ANSWERS[answer]
    try:
        made = act(entry=entry, by=request.user)
    except RuleBroken as broken:
        notices.error(request, str(broken))
        return _back(entry.center)
    if isinstance(made, Appointment):
        return redirect("desk_booked", made.pk)
    notices.success(request, done)
    return _back(entry.center)


@require_POST
def confirmed(request: HttpRequest, pk: int) -> HttpResponse:
    """They have said on the telephone that they come."""
    appointment = appointment_for(request, pk, Permission.BOOK_FOR_OTHERS)
    with told(request, _("记下了：打过电话，说会来。")):
        confirm(appointment=appointment, by=request.user)
    return _back(appointment.center)


def _back(center: Center) -> HttpResponse:
    return redirect(f"{reverse('desk_waiting')}?center={center.code}")
