"""Booking for a caller or visitor at the desk: who, what, when, and reading it back."""

from datetime import timedelta

from django.contrib import messages as notices
from django.db.models import Count
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
from appointments.booking.models import CALL_AFTER, Appointment
from appointments.booking.repeated import OTHERWISE, differs
from appointments.booking.told import promises
from appointments.catalog.models import ServiceItem
from appointments.catalog.offered import by_category, item_or_404, items_at
from appointments.desk.forms import DeskBookingForm, NewResidentForm
from appointments.slots import availability, day_picker
from appointments.slots.models import Slot
from appointments.tickets.access import ticket_for
from appointments.tickets.models import Ticket
from appointments.waiting import services as waiting
from appointments.waiting.models import WaitingEntry
from centers.models import Center, Resident
from centers.people import recognizing, residents
from centers.request_access import center_for, resident_for
from portal.accounts.roles import Permission
from portal.notifications.models import Message
from portal.ui import pages
from portal.ui import words as said_as
from portal.ui.days import midnight
from portal.ui.errors import RuleBroken
from portal.ui.params import number, typed
from portal.ui.responses import status_of

MATCHES = 20
FREQUENT, OFTEN_WITHIN = 6, timedelta(days=90)


@never_cache
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    center, ticket = center_for(request, Permission.BOOK_FOR_OTHERS), _ticket(request)
    template = "appointments/desk/ticket_who.html" if ticket else "appointments/desk/who.html"
    return ask_who(request, center, then="desk_book_item", template=template, ticket=ticket)


def ask_who(
    request: HttpRequest, center: Center, *, then: str, template: str, ticket: Ticket | None = None
) -> HttpResponse:
    """Find or create the person, first asked about among those of that name.

    `then` is the URL name of the next page, unless a ticket's holder is identified.
    """
    words = typed(request)
    form, alike = NewResidentForm(request.POST or None, initial=_first_words(words)), []
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("name", "phone")}
        alike = residents.namesakes(division=center.division, **asked)
    if form.is_valid() and (not alike or "another" in request.POST):
        try:
            resident = residents.find_or_list(division=center.division, beside=alike, **form.cleaned_data)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            return redirect(_what_for(resident, ticket) if ticket else reverse(then, args=[resident.pk]))
    found = matches(center, words)
    context = {
        "center": center,
        "ticket": ticket,
        "words": words,
        "found": found,
        "alike": alike,
        "form": form,
        "is_new": form.is_bound or not found,
        "to_settle": recognizing.twins_at(center).count() + recognizing.asleep_at(center).count(),
    }
    return render(request, template, context | {"then": then})


@never_cache
@require_GET
def what(request: HttpRequest, resident: int) -> HttpResponse:
    center, person = resident_for(request, resident)
    ticket, words = _ticket(request), typed(request)
    items = items_at(center, words)
    context = {
        "center": center,
        "resident": person,
        "ticket": ticket,
        "kept": ("ticket", ticket.pk) if ticket else None,
        "words": words,
        "has": what_they_have(center, person),
        "groups": by_category(items),
        "frequent": [] if words else _frequent(center, items),
    }
    return render(request, "appointments/desk/what.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def when(request: HttpRequest, resident: int, item: str) -> HttpResponse:
    center, person = resident_for(request, resident)
    service = item_or_404(center, item)
    form = DeskBookingForm(request.POST or None, initial={"phone": person.phone})
    if not form.is_valid():
        return _ask_when(request, center, person, service, form)
    details = form.cleaned_data
    slot = Slot.objects.filter(pk=details.pop("slot"), center=center).first()
    try:
        if slot is None:
            raise RuleBroken(_("这个时间没有了。您填的内容还在，请另选一个时间。"), code="slot_gone")
        if request.POST.get("go") == "wait":
            return _wait(request, waiting.join(slot=slot, item=service, resident=person, by=request.user, **details))
        appointment = booking.book(slot=slot, item=service, resident=person, by=request.user, **details)
    except RuleBroken as broken:
        form.refuse(broken)
        return _ask_when(request, center, person, service, form, refused=slot, status=status_of(broken))
    if appointment.is_repeat:
        notices.info(request, _("已经约好了，没有再约一次。"))
        if differs(appointment, slot.starts_at, details):
            notices.warning(request, OTHERWISE)
    return redirect("desk_booked", appointment.pk)


def _wait(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    said = _("排上候补，第%(position)d位。候补码%(code)s，请念给对方听。轮到了，%(page)s里看得到。")
    given = {"code": said_as.code(entry.code), "page": pages.quoted("desk_waiting")}
    notices.success(request, said % {"position": waiting.position(entry), **given})
    return redirect(f"{reverse('desk_waiting')}?center={entry.center.code}#w{entry.pk}")


@never_cache
@require_GET
def booked(request: HttpRequest, pk: int) -> HttpResponse:
    """The booking to read out to the caller, and its slip for a visitor."""
    appointment = appointment_for(request, pk, Permission.BOOK_FOR_OTHERS)
    told = Message.objects.about(messages.subject_of(appointment)).filter(kind=messages.CONFIRMED).exclude(address="")
    context = {"row": appointment, "center": appointment.center, "told": told.order_by("pk").last()}
    context["promises"] = promises(appointment)
    return render(request, "appointments/desk/booked.html", context)


def _ticket(request: HttpRequest) -> Ticket | None:
    """The number whose holder is to be named, instead of a booking."""
    asked = number(request.GET.get("ticket"))
    return None if asked is None else ticket_for(request, asked, Permission.BOOK_FOR_OTHERS)


def _what_for(resident: Resident, ticket: Ticket) -> str:
    """The next page; an item given with the ticket is not asked for again."""
    if ticket.item:
        return reverse("desk_ticket_who", args=[ticket.pk, resident.pk, ticket.item.code])
    return reverse("desk_book_item", args=[resident.pk]) + f"?ticket={ticket.pk}"


def _ask_when(
    request: HttpRequest,
    center: Center,
    resident: Resident,
    item: ServiceItem,
    form: DeskBookingForm,
    refused: Slot | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The times of one day; after a refusal also the nearest alternatives."""
    choice = day_picker.choose(center, item, request.GET, availability.with_desk, full=True)
    here = reverse("desk_book_time", args=[resident.pk, item.code])
    context = day_picker.for_page(choice, here, lambda start: str(start.slot), lambda start: str(start.slot))
    other = availability.alternatives(refused, item, form.cleaned_data.get("party_size") or 1) if refused else None
    shown = {start.slot for start in choice.starts}
    context |= {
        "center": center,
        "resident": resident,
        "item": item,
        "form": form,
        "nearest": [start for start in other.same_center if start.slot not in shown] if other else [],
        "neighbours": other.neighbours if other else [],
        "has_full": any(not start.free for start in choice.starts),
        "missed": Appointment.objects.missed_lately(resident, resident.phone).count(),
        "call_after": CALL_AFTER,
        "has": what_they_have(center, resident),
        "in_the_way": _in_the_way(center, resident, refused) if refused else None,
    }
    return render(request, "appointments/desk/when.html", context, status=status)


def what_they_have(center: Center, resident: Resident) -> dict[str, list]:
    """What the person has booked or waits for at the center, from today on."""
    ahead = Appointment.objects.for_pages().active().settled_at(center).filter(resident=resident)
    waits = WaitingEntry.objects.open().for_pages().filter(center=center, resident=resident)
    return {
        "booked": list(ahead.filter(starts_at__gte=midnight(timezone.localdate())).order_by("starts_at", "pk")),
        "waits": list(waits.order_by("slot__starts_at", "pk")),
    }


def _in_the_way(center: Center, resident: Resident, slot: Slot) -> Appointment | None:
    """The person's own booking that overlaps this slot; perhaps the caller wants to change that one."""
    own = Appointment.objects.for_pages().active().settled_at(center).filter(resident=resident)
    return own.filter(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at).first()


def matches(center: Center, words: str) -> list[Resident]:
    if not words:
        return []
    found = Resident.objects.within(center.code).search(said_as.digits(words) or words)
    return list(found.order_by("name", "pk")[:MATCHES])


def _first_words(words: str) -> dict[str, str]:
    """Prefills the form with the unsuccessful search."""
    if not words:
        return {}
    return {"phone" if said_as.tel(words) == words.replace(" ", "") else "name": words}


def _frequent(center: Center, items: list[ServiceItem]) -> list[ServiceItem]:
    """The items booked most often here recently, as shortcuts."""
    lately = Appointment.objects.filter(center=center, booked_at__gte=timezone.now() - OFTEN_WITHIN).order_by()
    counted = lately.values_list("item__code").annotate(number=Count("pk")).order_by("-number", "item__code")
    by_code = {item.code: item for item in items}
    return [by_code[code] for code, _number in counted[:FREQUENT] if code in by_code]
