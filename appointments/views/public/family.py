"""What concerns a signed-in villager and their family."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appointments import family
from appointments.messages import person_of, subject_of
from centers import finding
from portal.ui.pagination import page_of


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    links = family.links_of(request.user)
    now = timezone.now()
    rows = family.appointments_of(links)
    known = finding.recent(request)
    return render(
        request,
        "appointments/public/me.html",
        {
            "links": links,
            "upcoming": family.upcoming(rows, now),
            "page": page_of(request, family.past(rows, now), per_page=10),
            "here": known[0] if known else next((link.resident.division for link in links), None),
        },
    )


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    links = family.links_of(request.user)
    page = page_of(request, family.messages_to(links))
    names = {person_of(link.resident): link.resident.name for link in links}
    return render(request, "notifications/inbox.html", {"page": page, "rows": _with_links(page, links, names)})


def _with_links(page, links, names: dict[str, str]) -> list[dict]:
    """Each message with whom it is for and the booking that it is about, in one more query."""
    wanted = {message.subject.partition(":")[2] for message in page if message.subject.startswith("appointment:")}
    found = family.appointments_of(links).filter(pk__in=[pk for pk in wanted if pk.isdigit()])
    slips = {subject_of(appointment): appointment.link for appointment in found}
    return [
        {"message": message, "name": names.get(message.person, ""), "link": slips.get(message.subject, "")}
        for message in page
    ]
