"""The page of a booking (slip): view, print, calendar file, move, cancel.

The unguessable link is the authorization, so responses must not be stored by shared caches or indexed.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments.booking import look_up
from appointments.booking import services as booking
from appointments.booking.calendar import calendar_of
from appointments.booking.displaced import Displaced, find, has_reason, is_displaced, is_elsewhere, others_than
from appointments.booking.models import Appointment, KeptBooking, Status
from appointments.booking.told import about_code, promises
from appointments.invitation import rating_token
from appointments.slots import availability, day_picker
from appointments.slots.models import Slot
from centers import access
from centers.people import rate_limits
from portal.accounts.roles import Permission
from portal.ui import qr
from portal.ui.errors import RuleBroken
from portal.ui.params import number
from portal.ui.responses import keep_private, status_of

PAPERS = ("a5", "slip")
JUST_NOW = timedelta(minutes=10)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Look up the appointment by its link, and make the response private."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, link: str) -> HttpResponse:
        appointment = Appointment.objects.for_pages().filter(link=link).first()
        if appointment is None:
            raise Http404("no such booking")
        return keep_private(view(request, appointment))

    return answer


@by_link
@require_safe
def slip(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    displaced = find(appointment)
    if request.method == "GET":
        look_up.remember(request, appointment.phone)
    return render(
        request,
        "appointments/booking/slip.html",
        {
            "appointment": appointment,
            "center": appointment.place,
            "state": headline(appointment, displaced),
            "displaced": displaced,
            "elsewhere": appointment.status == Status.BOOKED and is_elsewhere(appointment),
            "moved_to": others_than(displaced.appointment) if displaced else [],
            "changeable": appointment.can_be_changed(),
            "is_new": is_new(appointment),
            "promises": promises(appointment),
            "number": getattr(appointment, "ticket", None) if appointment.arrived_at else None,
            "can_mark": _can_be_marked_by(request, appointment),
            "rating": rating_token(appointment) if appointment.served_at and not appointment.rated_at else "",
        },
    )


def _can_be_marked_by(request: HttpRequest, appointment: Appointment) -> bool:
    """Staff at the door who open the slip by scanning its QR code."""
    today = timezone.localdate(appointment.starts_at) == timezone.localdate()
    return (
        today
        and appointment.status in (Status.BOOKED, Status.MISSED)
        and request.user.is_authenticated
        and access.has_permission(request.user, Permission.MARK_ATTENDANCE, at=appointment.center)
    )


def is_new(appointment: Appointment) -> bool:
    """Right after booking, the slip is the last of four steps; later it is a page of its own."""
    return appointment.move_count == 0 and timezone.now() - appointment.booked_at < JUST_NOW


def headline(appointment: Appointment, displaced: Displaced | None) -> dict[str, str]:
    """The slip's headline: the state of the booking, with its tone."""
    if displaced and displaced.appointment.has_ended:
        return {"tone": "bad", "word": _("不再办了"), "title": _("这里不再办这件事，请打电话问问去哪里办")}
    if displaced:
        return {"tone": "bad", "word": displaced.why, "title": _("约好的时间办不了，请改个时间")}
    kept = appointment.kept.filter(starts_at=appointment.starts_at).exclude(how=KeptBooking.How.OPENED).first()
    if kept and appointment.status == Status.BOOKED:
        return {"tone": "good", "word": kept.get_how_display(), "title": _("照常办，听中心的安排")}
    if appointment.status == Status.BOOKED and appointment.ends_at <= timezone.now():
        return {"tone": "", "word": _("时间过了"), "title": _("约的时间已经过了")}
    if appointment.status == Status.BOOKED and appointment.starts_at <= timezone.now():
        return {"tone": "now", "word": _("已到时间"), "title": _("约好的时间到了，请到窗口")}
    return {
        Status.BOOKED: {"tone": "good", "word": _("已约好"), "title": _("约好了")},
        Status.ARRIVED: {"tone": "now", "word": _("已到"), "title": _("您已经到了，请等叫号")},
        Status.SERVED: {"tone": "good", "word": _("已办"), "title": _("这次已经办过了")},
        Status.MISSED: {"tone": "bad", "word": _("未到"), "title": _("这次没有来")},
        Status.CANCELLED: {"tone": "bad", "word": _("已取消"), "title": _("这个预约已经取消")},
    }[appointment.status]


@by_link
@require_safe
def paper(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    size = request.GET.get("paper", "")
    address, displaced = settings.SITE_URL + reverse("booking", args=[appointment.link]), find(appointment)
    return render(
        request,
        "appointments/booking/paper.html",
        {
            "appointment": appointment,
            "center": appointment.place,
            "state": headline(appointment, displaced),
            "displaced": displaced,
            "elsewhere": appointment.status == Status.BOOKED and is_elsewhere(appointment),
            "promises": promises(appointment),
            "paper": size if size in PAPERS else PAPERS[0],
            "drawing": qr.drawn(address),
        },
    )


@by_link
@require_safe
def ics(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    response = HttpResponse(calendar_of(appointment), content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="jiamenkou-{appointment.code}.ics"'
    return response


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Without `slot`: choose a time. GET with it: confirm. POST: move, or show the refusal and keep the old time."""
    if not appointment.can_be_changed():
        return _too_late(request, appointment)
    asked = (request.POST if request.method == "POST" else request.GET).get("slot", "")
    slot = Slot.objects.filter(pk=number(asked), center=appointment.center.present).first()
    if slot is None:
        return _choose_time(request, appointment, lost=bool(asked))
    refused = None
    if request.method == "POST":
        try:
            with rate_limits.counting_move(request, appointment.phone):
                moved = booking.move(appointment=appointment, slot=slot)
        except RuleBroken as refusal:
            if refusal.code == "not_changeable":
                return _too_late(request, appointment)
            refused = refusal
        else:
            messages.success(request, _("时间改好了。%(code)s") % {"code": about_code(appointment, moved)})
            return redirect("booking", appointment.link)
    return _ask_to_move(request, appointment, slot, refused)


def _choose_time(request: HttpRequest, appointment: Appointment, *, lost: bool) -> HttpResponse:
    here = reverse("booking_move", args=[appointment.link])
    choice = day_picker.choose(appointment.center.present, appointment.item, request.GET)
    context = day_picker.for_page(choice, here, lambda start: f"{here}?slot={start.slot}")
    context |= {"appointment": appointment, "center": appointment.place, "lost": lost}
    return render(request, "appointments/booking/move.html", context)


def _ask_to_move(
    request: HttpRequest, appointment: Appointment, slot: Slot, refused: RuleBroken | None
) -> HttpResponse:
    found = availability.alternatives(slot, appointment.item, appointment.party_size) if refused else None
    context = {
        "appointment": appointment,
        "center": appointment.place,
        "slot": slot,
        "refused": refused,
        "others": found.same_center if found else [],
        "question": _("改到这个时间吗？") if not refused else _("没有改成"),
        "action": _("就改到这个时间"),
        "back_url": reverse("booking_move", args=[appointment.link]),
        "back_text": _("另选时间"),
    }
    return render(request, "appointments/booking/move_ask.html", context, status=status_of(refused))


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    if appointment.cancelled_at:
        return redirect("booking", appointment.link)
    if not appointment.can_be_changed():
        return _too_late(request, appointment)
    if request.method == "POST":
        was_closed = has_reason(appointment)
        try:
            booking.cancel(appointment=appointment)
        except RuleBroken:
            return _too_late(request, appointment)
        done = _("已经取消。要再约，随时可以。") if was_closed else _("已经取消，位子让给别人了。要再约，随时可以。")
        messages.success(request, done)
        return redirect("booking", appointment.link)
    return render(
        request,
        "appointments/booking/cancel.html",
        {
            "appointment": appointment,
            "center": appointment.place,
            "question": _("要取消这个预约吗？"),
            "consequence": consequence(appointment),
            "action": _("取消这个预约"),
            "back_url": reverse("booking", args=[appointment.link]),
            "back_text": _("不取消，返回"),
        },
    )


def consequence(appointment: Appointment) -> str:
    if is_displaced(appointment):
        return _("约好的时间本来就办不了，取消不算临近才取消。")
    if not appointment.is_past_cutoff():
        is_kept = has_reason(appointment)
        return _("取消以后，就不再给您安排了。") if is_kept else _("取消以后，这个时间就让给别人了。")
    return _("离约好的时间不到%(hours)s小时了，现在取消会记作“临近才取消”。能来的话，还是请您来。") % {
        "hours": f"{appointment.cutoff_minutes() / 60:g}"
    }


def _too_late(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """For a stale page: a message, and a redirect to the slip in its current state."""
    messages.warning(request, _("这个预约现在不能改了。要帮忙，请打中心的电话。"))
    return redirect("booking", appointment.link)
