"""One appointment at the desk: its history, and moving and cancelling it for a caller."""

from datetime import datetime
from urllib.parse import urlencode

from auditlog.models import LogEntry
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from appointments.booking import messages
from appointments.booking import services as booking
from appointments.booking.access import appointment_for
from appointments.booking.displaced import has_reason, is_displaced, unsettled, with_reasons
from appointments.booking.models import Appointment, Channel, Status
from appointments.booking.told import about_code
from appointments.desk.forms import CancelForm
from appointments.desk.row import Row
from appointments.slots import availability, day_picker
from appointments.slots.models import Slot
from appointments.tickets.models import Ticket
from centers import access
from portal.accounts.roles import Permission
from portal.notifications.models import Channel as Way
from portal.notifications.models import Message
from portal.ui import words
from portal.ui.errors import RuleBroken
from portal.ui.params import number
from portal.ui.responses import status_of


@never_cache
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = appointment_for(request, pk, Permission.VIEW_DAY)
    can = {
        "can_mark": access.has_permission(request.user, Permission.MARK_ATTENDANCE, at=appointment.center),
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=appointment.center),
        "can_carry": access.has_permission(request.user, Permission.HANDLE_CASES, at=appointment.center),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=appointment.center),
    }
    if can["can_see_names"]:
        # The page shows the phone number in full, so the view is written to the audit log.
        LogEntry.objects.log_create(appointment, force_log=True, action=LogEntry.Action.ACCESS)
    told = Message.objects.about(messages.subject_of(appointment)).exclude(channel=Way.INBOX)
    day = timezone.localdate(appointment.starts_at).isoformat()
    closed = unsettled(Appointment.objects.with_status(Status.BOOKED).filter(pk=appointment.pk)).first()
    to_settle = with_reasons([closed])[0] if closed else None
    line = Row(appointment, Ticket.objects.for_pages().filter(appointment=appointment).first(), to_settle is not None)
    context = {
        "row": appointment,
        "displaced": to_settle,
        "line": line,
        "center": appointment.center,
        "day": day,
        "back_query": urlencode({"center": appointment.center.code, "day": day, "person": line.key}),
        "history": history(appointment),
        "told": told.order_by("due_at", "pk"),
        "changeable": appointment.can_be_changed(),
        "cancellable": appointment.status.value == "booked",
        **can,
    }
    return render(request, "appointments/desk/appointment.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = appointment_for(request, pk, Permission.BOOK_FOR_OTHERS)
    refusal = None
    back_url = _back(appointment)
    if request.method == "POST":
        slot = Slot.objects.filter(pk=number(request.POST.get("slot")), center=appointment.center.present).first()
        try:
            if slot is None:
                raise RuleBroken(_("请选一个时间。原来的时间还留着。"), code="no_slot")
            moved = booking.move(appointment=appointment, slot=slot, by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            done = _("改到%(when)s了。%(code)s请跟对方说一声新的时间。")
            said = {"when": words.moment(moved.starts_at), "code": about_code(appointment, moved)}
            notices.success(request, done % said)
            return redirect(back_url)
    # An online booking occupies a place of the online pool and stays in it; the desk's pool is for callers.
    by_staff = Channel(appointment.channel) in Channel.by_staff()
    free_of = availability.with_desk if by_staff else availability.online
    choice = day_picker.choose(appointment.center.present, appointment.item, request.GET, free_of)
    context = day_picker.for_page(choice, reverse("desk_move", args=[pk]), lambda start: str(start.slot))
    context |= {"row": appointment, "center": appointment.place, "refusal": refusal}
    return render(request, "appointments/desk/move.html", context, status=status_of(refusal))


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = appointment_for(request, pk, Permission.BOOK_FOR_OTHERS)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        by_center, back_url = form.cleaned_data["by"] == CancelForm.CENTER, _back(appointment)
        try:
            booking.cancel(
                appointment=appointment, by_center=by_center, reason=form.cleaned_data["reason"], by=request.user
            )
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            is_closed = appointment.places.filter(slot__closed_at__isnull=False).exists()
            freed = _("已经取消，位子会让给候补的人，或者过几分钟放出来。")
            notices.success(request, _("已经取消。") if is_closed else freed)
            return redirect(back_url)
    context = {
        "row": appointment,
        "center": appointment.center,
        "form": form,
        "question": _("要取消这个预约吗？"),
        "consequence": _("发不了短信的，请打个电话。")
        if has_reason(appointment)
        else _("取消以后，有人候补就先问他，没有就过几分钟让出来。发不了短信的，请打个电话。"),
        "action": _("取消这个预约"),
        "back_url": reverse("desk_appointment", args=[pk]),
        "back_text": _("不取消，返回"),
    }
    return render(request, "appointments/desk/cancel.html", context)


def _back(appointment: Appointment) -> str:
    """Where it goes on after a change: to the list of the displaced for one of them, else to the booking."""
    if is_displaced(appointment):
        return f"{reverse('desk_settle')}?{urlencode({'center': appointment.center.code})}"
    return reverse("desk_appointment", args=[appointment.pk])


def history(appointment: Appointment) -> list[tuple[datetime, str, str]]:
    """(time, event, who) of each event, in order."""
    channel, canceller = appointment.get_channel_display(), appointment.get_cancelled_by_display()
    if appointment.cancel_typed_by:
        canceller = _("%(side)s（%(name)s登记）") % {"side": canceller, "name": appointment.cancel_typed_by}
    moments = [
        (appointment.booked_at, _("约好（%(channel)s）") % {"channel": channel}, appointment.booked_by),
        (appointment.confirmed_at, _("说会来"), appointment.confirmed_by),
        (appointment.arrived_at, _("登记已到"), ""),
        (appointment.served_at, _("登记已办"), appointment.served_by),
        (appointment.missed_at, _("登记未到"), appointment.missed_by),
        (appointment.rated_at, _("群众评价了"), ""),
        (appointment.cancelled_at, _("取消"), canceller),
    ]
    return sorted(((at, what, str(by or "")) for at, what, by in moments if at), key=lambda moment: moment[0])
