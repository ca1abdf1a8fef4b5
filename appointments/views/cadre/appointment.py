"""One appointment as the desk sees it: what happened to it and by whom, moving and cancelling for a caller."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from appointments.views.cadre.reach import appointment_for
from portal.accounts.roles import Permission


@never_cache
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = appointment_for(request, pk, Permission.VIEW_DAY)
    return render(request, "appointments/desk/appointment.html", {"row": appointment})
