"""Finding one's booking again by phone and code."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments.forms import LookUpForm
from appointments.models import Appointment
from portal.accounts import throttle
from portal.accounts.addresses import client_address
from portal.ui.errors import RuleBroken, TooMany

PER_ADDRESS, PER_PHONE, HOUR = 30, 10, 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    form = LookUpForm(request.POST if request.method == "POST" else None)
    refused = None
    if form.is_valid():
        try:
            return redirect("booking", _find(request, **form.cleaned_data).link)
        except RuleBroken as refusal:
            refusal.add_to(form)
            refused = refusal
    status = 429 if refused and refused.code == "too_many" else None
    return render(request, "appointments/public/lookup.html", {"form": form}, status=status)


def _find(request: HttpRequest, phone: str, code: str) -> Appointment:
    """The same answer whether the number or the code is wrong, or nobody could tell whose number is in use."""
    counted = [(f"lookup:{client_address(request)}", PER_ADDRESS), (f"lookup:{phone}", PER_PHONE)]
    if not all(throttle.allow(key, limit, HOUR) for key, limit in counted):
        raise TooMany(_("找的次数太多了,请过一个小时再试,或者打电话给中心,报姓名就能查。"))
    appointment = Appointment.objects.filter(phone=phone, code=code).order_by("-starts_at").first()
    if appointment is None:
        raise RuleBroken(_("没有找到。请看看电话和预约码有没有写错;还是找不到,请打电话给中心。"), code="not_found")
    for key, _limit in counted:
        throttle.give_back(key, HOUR)
    return appointment
