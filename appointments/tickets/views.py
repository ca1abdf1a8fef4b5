"""A ticket as its holder sees it: how many are ahead, the estimated wait, and who is being called.

The unguessable link is the authorization. The page shows no names.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from appointments.tickets.hall import hall
from appointments.tickets.models import Priority, State, Ticket
from appointments.tickets.taking import issue_online
from centers import center_lookup
from centers.days.opening_state import opening_states
from centers.people import rate_limits
from centers.rules.reading import value
from portal.ui import qr
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import key_of, new_key
from portal.ui.responses import private, status_of


@login_not_required
@private
@require_safe
def ticket(request: HttpRequest, link: str) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.for_pages(), link=link)
    here, opening_state = hall(ticket.center), opening_states([ticket.center])[ticket.center.pk]
    context = {
        "ticket": ticket,
        "opening_state": opening_state,
        "center": ticket.center,
        "is_today": ticket.day == timezone.localdate(),
        "title": _title(ticket),
        "wait": here.wait_of(ticket),
        # Whoever got it at the window has met somebody.
        "unproved": "" if ticket.taken_by_id else here.unproved,
        "phone": center_lookup.phone_of(ticket.center),
        "hall": here,
        "first": Priority.enabled_labels(ticket.center_id),
    }
    return render(request, "appointments/tickets/ticket.html", context)


@login_not_required
@cache_control(private=True, no_store=True)  # the form's key is one person's; the page itself may be found
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Take a ticket with one's own phone, where the site allows it."""
    center = center_lookup.center_or_404(code)
    refusal = None
    if request.method == "POST":
        try:
            key = key_of(request.POST.get("key", ""))
            with rate_limits.counting_ticket(request, f"{center.pk}:{key}"):
                made = issue_online(center=center, key=f"web:{key}")
        except RuleBroken as broken:
            refusal = broken
        else:
            return redirect("ticket", made.link)
    here = hall(center)
    context = {
        "center": center,
        "opening_state": opening_states([center])[center.pk],
        "hall": here,
        "wait": here.wait_of_newcomer,
        "unproved": here.unproved,
        "phone": center_lookup.phone_of(center),
        "is_offered": value("WALK_IN_ONLINE", center.pk),
        "key": new_key(),
        "refusal": refusal,
        "first": Priority.enabled_labels(center.pk),
    }
    return render(request, "appointments/tickets/take.html", context, status=status_of(refusal))


def drawing_of(ticket: Ticket) -> SafeString:
    return qr.drawn(settings.SITE_URL + reverse("ticket", args=[ticket.link]))


def _title(ticket: Ticket) -> str:
    if ticket.day != timezone.localdate():
        return _("这个号已经过期了")
    if ticket.state == State.CALLED:
        return _("请到%(window)s号窗口") % {"window": ticket.window}
    return {
        State.WAITING: _("请等叫号"),
        State.DONE: _("已经办好了"),
        State.MISSED: _("叫过您，您没在"),
        State.GONE: _("这个号已经取消"),
    }[ticket.state]
