"""A center's public page: opening state, directions, services, duty."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.catalog.offered import offers_at
from appointments.tickets.hall import hall
from centers import center_lookup, codes
from centers.days.opening_state import hours_words, opening_states
from centers.duty.views.public import today_at
from centers.models import Center, MarketDay
from centers.rules.reading import value
from portal.anonymous import anonymous_read
from portal.prepared import Prepared


@anonymous_read
@require_safe
def center(request: HttpRequest, code: str) -> HttpResponse:
    center = center_lookup.center_or_404(code)
    opening_state = opening_states([center], whole=True)[center.pk]
    week, now = opening_state.days[:7], timezone.now()
    here = hall(center) if opening_state.is_open else None
    return render(
        request,
        "dashboards/center.html",
        {
            "center": center,
            "opening_state": opening_state,
            "duty": today_at(center, opening_state.is_open),
            "week": [(day.date, hours_words(day.openings), day.aside) for day in week],
            "pending_from": next((day.date for day in week if day.awaits_notice), None),
            "markets": market_days(center),
            "offers": offers_at(center),
            "hall": here,
            "unproved": here.unproved if here else "",
            "phone": center_lookup.phone_of(center),
            "is_due": opening_state.is_due(now),
            "is_offered": value("WALK_IN_ONLINE", center.pk),
            "rooms": center.rooms.filter(is_public=True).prefetch_related("functions"),
        },
    )


def market_days(center: Center, days: int = 30) -> list:
    """The next three market days."""
    today = timezone.localdate()
    found = _market_days(first=today, last=today + timedelta(days=days), **codes.line(center.code))
    return [day for (day,) in found]


@Prepared
def _market_days(first: date, last: date, **line: str):
    here = MarketDay.objects.filter(rule__division__code__in=list(line.values()), date__gte=first, date__lte=last)
    return here.order_by("date").values_list("date").distinct()[:3]
