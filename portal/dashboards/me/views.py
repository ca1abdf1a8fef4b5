"""What concerns a signed-in villager and their family."""

from datetime import datetime

from django.contrib import messages as notices
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appointments.cases import words as case_words
from appointments.cases.models import Case
from appointments.invitation import rating_token
from centers import center_lookup
from centers.duty import messages as duty_messages
from centers.models import FamilyLink
from centers.people import consents
from centers.people.family import helpers_of, links_of
from centers.people.messages import person_of
from centers.people.residents import end_family_link
from centers.workdays import Workdays
from portal.accounts.models import User
from portal.dashboards.me import selectors as family
from portal.notifications import keys, subjects
from portal.notifications.models import Message
from portal.notifications.services.wording import shown
from portal.ui.pagination import page_of

# On the first page a few of each; the rest is one tap away.
SHOWN, LATEST = 10, 3


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    links, now = links_of(request.user), timezone.now()
    rows = family.appointments_of(request.user, links, now)
    page = page_of(request, family.past(rows, now), per_page=10)
    known = center_lookup.recent(request)
    return render(
        request,
        "dashboards/me/me.html",
        {
            "links": links,
            "helpers": helpers_of([link.resident_id for link in links if link.relation == FamilyLink.Relation.SELF]),
            "waiting": family.named(request.user, links, family.waiting_of(request.user, links)),
            "upcoming": family.named(request.user, links, family.upcoming(rows, now)),
            "has_cases": family.cases_of(links).exists(),
            "cases": _standings(family.open_cases(links)[:SHOWN], now),
            "to_rate": _to_rate(request.user, links),
            "said": _latest(family.messages_to(request.user, links, family.posts_of(request.user), now), now),
            "page": page,
            "past": family.named(request.user, links, page),
            "is_asleep": request.user.asleep_since is not None,
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
    links, posts, now = links_of(request.user), family.posts_of(request.user), timezone.now()
    page = page_of(request, family.messages_to(request.user, links, posts, now))
    names = {person_of(link.resident): link.resident.name for link in links}
    people = {*names, *map(duty_messages.person_of, posts)}
    rows = _with_links(shown(page, now), people, names)
    return render(request, "dashboards/me/inbox.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def end_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Either side ends a family link: who books, or for whom it is booked."""
    links = links_of(request.user)
    mine = [link.resident_id for link in links if link.relation == FamilyLink.Relation.SELF]
    either = Q(pk__in=[link.pk for link in links]) | Q(resident__in=mine, ended_at__isnull=True)
    rows = FamilyLink.objects.filter(either).exclude(relation=FamilyLink.Relation.SELF)
    link = get_object_or_404(rows.select_related("user", "resident"), pk=pk)
    if request.method == "POST":
        end_family_link(link=link, by=request.user)
        notices.success(request, _("结束了，马上就算数。要再加上，请两位一起到村里的中心登记。"))
        return redirect("me")
    facts = {"helper": link.user.name or _("没有写姓名的账户"), "name": link.resident.name}
    context = {
        "question": _("不再让%(helper)s替%(name)s约了吗？") % facts,
        "consequence": _("以后%(helper)s看不到%(name)s的预约、代办和消息，也不能替约。已经约好的还在。") % facts,
        "action": _("结束"),
        "back_url": reverse("me"),
    }
    return render(request, "layouts/confirm.html", context)


def _to_rate(user: User, links: list[FamilyLink]) -> list[tuple[Case, str]]:
    """Nobody is asked who has said no to it."""
    if any(one.purpose == consents.Purpose.RATINGS and not one.agrees for one in consents.standing_of(user)):
        return []
    return [(case, rating_token(case)) for case in family.cases_to_rate(links)[:LATEST]]


def _standings(found, now: datetime) -> list[case_words.Standing]:
    today, is_workday = timezone.localdate(now), Workdays()
    return [case_words.standing(case, today, is_workday) for case in found]


def _latest(said, now: datetime) -> list[Message]:
    return shown(said[: LATEST * 2], now)[:LATEST]


def _with_links(messages: list[Message], people: set[str], names: dict[str, str]) -> list[dict]:
    """Each message with whom it is for and the page that it is about, in one more query for each prefix."""
    said, urls = {message.subject for message in messages}, {}
    for prefix, subject in subjects.registered().items():
        if pks := keys.pks_of(prefix, said):
            urls |= {keys.key_of(prefix, pk): url for pk, url in subject.links(pks, people).items()}
    return [
        {"message": message, "name": names.get(message.person, ""), "url": urls.get(message.subject, "")}
        for message in messages
    ]
