"""What concerns a signed-in villager and their family."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appointments import family, waiting_messages
from appointments.messages import person_of, subject_of
from appointments.models import WaitingEntry
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
            "waiting": family.waiting_of(links),
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
    """Each message with whom it is for and the page that it is about, in one more query for each kind."""
    slips = {
        subject_of(row): reverse("booking", args=[row.link])
        for row in family.appointments_of(links).filter(pk__in=_about(page, "appointment"))
    }
    lines = {
        waiting_messages.subject_of(row): reverse("waiting", args=[row.link])
        for row in WaitingEntry.objects.filter(
            pk__in=_about(page, "waiting"), resident__in=[link.resident_id for link in links]
        )
    }
    urls = slips | lines
    return [
        {"message": message, "name": names.get(message.person, ""), "url": urls.get(message.subject, "")}
        for message in page
    ]


def _about(page, what: str) -> list[str]:
    parts = {message.subject.partition(":")[::2] for message in page}
    return [number for subject, number in parts if subject == what and number.isdigit()]
