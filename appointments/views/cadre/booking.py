"""Booking for somebody who calls or stands at the desk: who, what, when, and reading it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appointments.views.cadre.reach import center_for
from portal.accounts.roles import Permission


@never_cache
@require_http_methods(["GET", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.BOOK_FOR_OTHERS)
    return render(request, "appointments/desk/who.html", {"center": center})
