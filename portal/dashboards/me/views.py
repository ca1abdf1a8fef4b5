"""What concerns a signed-in villager and their family."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from appointments.booking.messages import subject_of
from appointments.cases import messages as case_messages
from appointments.cases import words as case_words
from appointments.invitation import rating_token
from appointments.waiting import messages as waiting_messages
from appointments.waiting.models import WaitingEntry
from centers import center_lookup
from centers.people.family import links_of
from centers.people.messages import person_of
from centers.workdays import Workdays
from portal.dashboards.me import selectors as family
from portal.ui.pagination import page_of

# On the first page a few of each; the rest is one tap away.
SHOWN, LATEST = 10, 3


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    links, now = links_of(request.user), timezone.now()
    rows = family.appointments_of(links)
    known = center_lookup.recent(request)
    return render(
        request,
        "dashboards/me/me.html",
        {
            "links": links,
            "waiting": family.waiting_of(links),
            "upcoming": family.upcoming(rows, now),
            "has_cases": family.cases_of(links).exists(),
            "cases": _standings(family.open_cases(links)[:SHOWN], now),
            "to_rate": [(case, rating_token(case)) for case in family.cases_to_rate(links)[:LATEST]],
            "said": list(family.messages_to(links, family.posts_of(request.user), now)[:LATEST]),
            "page": page_of(request, family.past(rows, now), per_page=10),
            "here": known[0] if known else next((link.resident.division for link in links), None),
        },
    )


@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """All of them, the latest first."""
    page = page_of(request, family.cases_of(links_of(request.user)).order_by("-opened_at", "-pk"))
    rows = _standings(page, timezone.now())
    return render(request, "dashboards/me/my_cases.html", {"page": page, "rows": rows})


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    links, posts = links_of(request.user), family.posts_of(request.user)
    page = page_of(request, family.messages_to(links, posts))
    names = {person_of(link.resident): link.resident.name for link in links}
    return render(request, "dashboards/me/inbox.html", {"page": page, "rows": _with_links(page, links, names)})


def _standings(found, now: datetime) -> list[case_words.Standing]:
    today, is_workday = timezone.localdate(now), Workdays()
    return [case_words.standing(case, today, is_workday) for case in found]


def _with_links(page, links, names: dict[str, str]) -> list[dict]:
    """Each message with whom it is for and the page that it is about, in one more query for each kind."""
    waits = WaitingEntry.objects.filter(resident__in=[link.resident_id for link in links])
    kinds = {
        "appointment": ("booking", family.appointments_of(links), subject_of),
        "waiting": ("waiting", waits, waiting_messages.subject_of),
        "case": ("case", family.cases_of(links), case_messages.subject_of),
    }
    urls = {
        subject(row): reverse(name, args=[row.link])
        for kind, (name, rows, subject) in kinds.items()
        for row in rows.filter(pk__in=_about(page, kind))
    }
    # Staff answer at their own duty; where a leave stands is said on its page.
    urls |= {f"swap:{pk}": reverse("duty_mine") for pk in _about(page, "swap")}
    urls |= {f"leave:{pk}": reverse("duty_leave", args=[pk]) for pk in _about(page, "leave")}
    return [
        {"message": message, "name": names.get(message.person, ""), "url": urls.get(message.subject, "")}
        for message in page
    ]


def _about(page, what: str) -> list[str]:
    """The numbers of the rows of that kind which the messages are about."""
    said = (message.subject.partition(":") for message in page)
    return [pk for kind, _colon, pk in said if kind == what and pk.isdigit()]
