"""Finding one's booking, waiting list entry or case by phone and code, with one form for all three."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appointments.booking.look_up import find, to_look_up
from appointments.booking.models import Appointment
from appointments.cases.models import Case
from appointments.waiting.models import WaitingEntry
from portal.dashboards.look_up.forms import LookUpForm
from portal.ui.errors import RuleBroken
from portal.ui.responses import status_of

PAGES = {Appointment: "booking", WaitingEntry: "waiting", Case: "case"}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    form = LookUpForm(request.POST if request.method == "POST" else None)
    refused = None
    if form.is_valid():
        try:
            among = [to_look_up(), WaitingEntry.objects.to_look_up(), Case.objects.to_look_up()]
            found = find(request, **form.cleaned_data, among=among)
            return redirect(PAGES[type(found)], found.link)
        except RuleBroken as refusal:
            refusal.add_to(form)
            refused = refusal
    return render(request, "dashboards/lookup.html", {"form": form}, status=status_of(refused))
