"""Rating by the link in a message, or by phone number and code. No account and no JavaScript needed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from appointments.booking import look_up
from appointments.invitation import rating_token
from assessments import services
from assessments.forms import RatingForm, VisitForm
from assessments.links import thing_to_rate
from assessments.models import Rating
from portal.ui.errors import RuleBroken
from portal.ui.responses import private, status_of


@login_not_required
@private
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    thing = thing_to_rate(token)
    if thing is None:
        return render(request, "assessments/unknown_link.html", status=404)
    try:
        services.check(thing, by=request.user)
    except RuleBroken as broken:
        return render(request, "assessments/refused.html", {"thing": thing, "refusal": broken})
    form = RatingForm(request.POST or None)
    if form.is_valid():
        via = Rating.Via.CODE if request.GET.get("via") == Rating.Via.CODE else Rating.Via.LINK
        try:
            services.rate(of=thing, via=via, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            return redirect("rated")
    return render(request, "assessments/rate.html", {"thing": thing, "form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    form, refused = VisitForm(request.POST or None), None
    if form.is_valid():
        try:
            appointment = look_up.find(request, **form.cleaned_data, among=[look_up.to_rate()])
        except RuleBroken as broken:
            refused = broken
            refused.add_to(form)
        else:
            return redirect(f"{reverse('rate', args=[rating_token(appointment)])}?via=code")
    return render(request, "assessments/by_code.html", {"form": form}, status=status_of(refused))


@login_not_required
@require_GET
def rated(request: HttpRequest) -> HttpResponse:
    return render(request, "assessments/rated.html")
