"""The public pages of the waiting list: join, see the position, answer an offer, leave."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from appointments.booking.answering import by_token
from appointments.booking.models import Appointment
from appointments.booking.views import asked_online, counting
from appointments.catalog.models import ServiceItem
from appointments.catalog.offered import item_or_404
from appointments.slots import availability
from appointments.slots.models import Slot
from appointments.waiting import services as waiting
from appointments.waiting.links import entry_offered
from appointments.waiting.models import WaitingEntry
from centers import center_lookup
from centers.models import Center
from centers.people import drafts
from centers.people.family import links_of
from centers.people.forms import WhoForm
from portal.ui.errors import RuleBroken
from portal.ui.responses import private, status_of


@login_not_required
@cache_control(private=True, no_cache=True)  # as the form of a booking
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str, item: str, slot: int) -> HttpResponse:
    center = center_lookup.center_or_404(code)
    service = item_or_404(center, item)
    time = get_object_or_404(Slot, pk=slot, center=center)
    make = partial(WhoForm, links=links_of(request.user), contact=request.user)
    form = make(request.POST) if request.method == "POST" else make(initial=drafts.load(request))
    refused = None
    if form.is_valid():
        try:
            entry = _join(request, center, service, time, form)
        except RuleBroken as refusal:
            refused = refusal
            form.refuse(refusal)
        else:
            drafts.clear(request, form.key)
            return redirect("waiting", entry.link)
    times = reverse("book_time", args=[center.code, service.code])
    context = {
        "center": center,
        "item": service,
        "slot": time,
        "form": form,
        **_how_it_is(center, service, time),
        "ahead": WaitingEntry.objects.open().filter(slot=time).count(),
        "times_url": f"{times}?day={timezone.localdate(time.starts_at)}",
    }
    return render(request, "appointments/waiting/wait.html", context, status=status_of(refused))


def _how_it_is(center: Center, item: ServiceItem, slot: Slot) -> dict[str, bool]:
    """A link may be old: by now there is room, or the time is over."""
    start = availability.start_at(center, item, slot)
    return {"is_gone": start is None, "has_room": start is not None and start.free > 0}


def _join(request: HttpRequest, center: Center, item: ServiceItem, slot: Slot, form: WhoForm) -> WaitingEntry:
    """Raises RuleBroken. Rate limited like a booking, because each entry sends an SMS."""
    with counting(request, "wait", form, slot, item):
        return waiting.join(slot=slot, item=item, **asked_online(request, form, center))


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, link: str) -> HttpResponse:
    """The unguessable link is the authorization to view and to answer, as with a booking slip."""
    found = get_object_or_404(WaitingEntry.objects.for_pages(), link=link)
    return answered(request, found, partial(_to_the_slip, request))


def answered(request: HttpRequest, entry: WaitingEntry, booked: Callable[[Appointment], HttpResponse]) -> HttpResponse:
    """Process the POST, or show the entry's state. `booked` gives the response for an accepted offer."""
    refused = None
    if request.method == "POST":
        try:
            match request.POST.get("answer"):
                case "accept":
                    return booked(waiting.accept(entry=entry))
                case "decline":
                    waiting.decline(entry=entry)
                case "leave":
                    waiting.leave(entry=entry)
        except RuleBroken as refusal:
            refused = refusal
        else:
            return redirect(request.path)
        entry.refresh_from_db()
    context = {
        "entry": entry,
        "center": entry.center,
        "refused": refused,
        "is_offered": entry.is_offered(),
        "position": waiting.position(entry) if entry.is_open else 0,
    }
    return render(request, "appointments/waiting/waiting.html", context, status=status_of(refused))


def _to_the_slip(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    messages.success(request, _("约上了，不用再等。请记下预约码。"))
    return redirect("booking", appointment.link)


@by_token(entry_offered)
def offer(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    """There is a place for you: 要 or 不要了."""
    return answered(request, entry, lambda _appointment: redirect(request.path))
