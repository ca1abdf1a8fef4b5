"""Opening a case: who, what, and the checklist; from an appointment, only the checklist."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from appointments.booking.access import appointment_for
from appointments.booking.models import Appointment
from appointments.cases import services as cases
from appointments.cases.forms import OpenCaseForm
from appointments.cases.models import Case, Source
from appointments.catalog.models import ServiceItem
from appointments.catalog.offered import by_category, item_or_404, items_at
from appointments.desk.views import booking
from centers.models import Center, Resident
from centers.request_access import center_for, resident_for
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.params import typed
from portal.ui.responses import status_of


@never_cache
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.HANDLE_CASES)
    return booking.ask_who(request, center, then="desk_case_item", template="appointments/cases/who.html")


@never_cache
@require_GET
def what(request: HttpRequest, resident: int) -> HttpResponse:
    center, person = resident_for(request, resident, Permission.HANDLE_CASES)
    words = typed(request)
    context = {
        "center": center,
        "resident": person,
        "words": words,
        "groups": by_category(items_at(center, words)),
        "open": Case.objects.open().settled_at(center).for_pages().filter(resident=person),
    }
    return render(request, "appointments/cases/what.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, resident: int, item: str) -> HttpResponse:
    center, person = resident_for(request, resident, Permission.HANDLE_CASES)
    return _checklist(request, center, person, item_or_404(center, item))


@never_cache
@require_http_methods(["GET", "POST"])
def from_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """The appointment's open case, or the checklist for a new one."""
    appointment = appointment_for(request, pk, Permission.HANDLE_CASES)
    if standing := appointment.cases.filter(closed_at__isnull=True).first():
        return redirect("desk_case", standing.pk)
    # The current version of the item applies, not the booked one.
    item = item_or_404(appointment.center, appointment.item.code)
    return _checklist(request, appointment.center, appointment.resident, item, appointment)


def _checklist(
    request: HttpRequest, center: Center, person: Resident, item: ServiceItem, appointment: Appointment | None = None
) -> HttpResponse:
    known = {"phone": appointment.phone if appointment else person.phone}
    if appointment and appointment.contact_name:
        known |= {"contact_name": appointment.contact_name, "relation": appointment.relation}
    form = OpenCaseForm(
        request.POST or None, item=item, center=center, user=request.user, appointment=appointment, initial=known
    )
    status = None
    if form.is_valid():
        details = {"source": Source.APPOINTMENT} | form.cleaned_data
        try:
            case = cases.open_case(
                center=center, item=item, resident=person, appointment=appointment, by=request.user, **details
            )
        except RuleBroken as broken:
            form.refuse(broken)
            status = status_of(broken)
        else:
            return redirect("desk_case", case.pk)
    context = {"center": center, "resident": person, "item": item, "form": form, "appointment": appointment}
    return render(request, "appointments/cases/checklist.html", context, status=status)
