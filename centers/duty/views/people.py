"""A center's staff list."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from centers.days.asking import change_or_ask
from centers.duty import people
from centers.duty.access import managed
from centers.duty.forms import StaffForm
from centers.models import Center, Staff
from portal.accounts.models import User
from portal.ui.errors import RuleBroken


@never_cache
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    everybody = Staff.objects.filter(center=center).select_related("user").order_by("order", "pk")
    context = {
        "center": center,
        "can_manage": True,
        "works_here": True,
        "working": everybody.working(),
        "gone": everybody.exclude(pk__in=Staff.objects.working()),
    }
    return render(request, "centers/duty/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or edit a staff member."""
    center = managed(request)
    who = Staff(center=center) if pk is None else get_object_or_404(Staff, pk=pk, center=center)
    form = StaffForm(request.POST or None, instance=who, accounts=_accounts(center))
    if form.is_valid():
        typed, back_url = form.save(commit=False), f"{reverse('duty_people')}?center={center.code}"
        try:
            made = change_or_ask(
                request,
                lambda: people.save(person=copy(typed), by=request.user),
                question=_("这样记吗？"),
                action=_("照这样记"),
                back_url=back_url,
            )
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            if made.page:
                return made.page
            messages.success(request, _("记好了。"))
            return redirect(back_url)
    return render(request, "centers/duty/person.html", {"center": center, "form": form, "person": who})


def _accounts(center: Center):
    """Users with a role at this very division."""
    held = User.objects.filter(memberships__division=center.division, memberships__revoked_at__isnull=True)
    return held.filter(is_active=True).distinct()
