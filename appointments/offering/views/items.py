"""The county's pages of its items: the list, one item with its history, ending it and offering it again."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.catalog import drafts, services, starter
from appointments.catalog.changes import differences
from appointments.catalog.drafts import Item
from appointments.catalog.models import ItemOptOut, ServiceItem
from appointments.catalog.offered import by_category
from appointments.offering import rows
from appointments.offering.access import kept_item, own_divisions
from appointments.offering.forms import SeenForm
from appointments.offering.reach import reach_of
from centers import codes
from centers.days.asking import change_or_ask
from centers.forms import FindForm
from portal.ui.errors import RuleBroken
from portal.ui.responses import told


@never_cache
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    own = own_divisions(request)
    words = FindForm(request.GET).words
    asked = request.GET.get("state", rows.OFFERED)
    state = asked if asked in rows.WORDS else rows.OFFERED
    found = rows.rows_within(own, words)
    shown = [row for row in found if row.is_in(state)]
    context = {
        "words": words,
        "state": state,
        "counts": [(key, word, sum(row.is_in(key) for row in found)) for key, word in rows.WORDS.items()],
        "groups": [(_("找到这些"), shown)] if words and shown else by_category(shown),
        "starters": [(division, len(starter.not_adopted(division))) for division in own],
        "with_place": len({row.item.division.pk for row in found}) > 1,
        "has_any": bool(found),
    }
    return render(request, "appointments/offering/items.html", context)


@never_cache
@require_safe
def item(request: HttpRequest, place: str, code: str) -> HttpResponse:
    found = kept_item(request, place, code)
    span = codes.span(found.division.code)
    out = ItemOptOut.objects.current().filter(code=code, division__code__range=span)
    context = {
        "item": found,
        "shown": found.last or found.draft,
        "history": _history(found),
        "planned": differences(found.last, found.draft) if found.last and found.draft else [],
        "out": out.select_related("division", "by").order_by("division__code"),
    }
    return render(request, "appointments/offering/item.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Asks first, whoever is touched; what is ended is offered again on the item's page."""
    found = kept_item(request, place, code)
    back = reverse("manage_item", args=[place, code])
    if found.current is None:
        messages.info(request, _("“%(item)s”已经停办了。") % {"item": found})
        return redirect(back)
    try:
        made = change_or_ask(
            request,
            partial(services.end, item=found.current, by=request.user),
            question=_("停办“%(item)s”？") % {"item": found},
            action=_("就停办"),
            back_url=back,
            always="sure" not in request.POST,
            version=found.seen,
            notes=reach_of(found.division, code).if_ended(),
        )
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if made.page:
        return made.page
    said = _("“%(item)s”停办了。点错了，点“恢复办理”就回来。")
    if made.touched:
        said = _("“%(item)s”停办了，约好的%(number)d个在各村工作台的“要安置的”里。点错了，点“恢复办理”就回来。")
    messages.success(request, said % {"item": found, "number": made.touched})
    return redirect(back)


@require_POST
def resume(request: HttpRequest, place: str, code: str) -> HttpResponse:
    found = kept_item(request, place, code)
    if found.last:
        with told(request, _("“%(item)s”又能办了，停办时告诉过的人会收到消息。") % {"item": found}):
            services.resume(item=found.last, by=request.user)
    return redirect("manage_item", place, code)


@require_POST
def start(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Offers the draft now. `seen` is what the page has shown."""
    found = kept_item(request, place, code)
    with told(request, _("“%(item)s”照新的办了。") % {"item": found}):
        drafts.start(item=_as_shown(request, found), by=request.user)
    return redirect("manage_item", place, code)


@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, place: str, code: str) -> HttpResponse:
    found = kept_item(request, place, code)
    back = reverse("manage_item", args=[place, code])
    if found.draft is None:
        return redirect(back if found.last else reverse("manage_items"))
    if request.method == "POST":
        with told(request, _("草稿不要了，在办的没有变。")):
            drafts.discard(item=_as_shown(request, found))
        return redirect(back if found.last else reverse("manage_items"))
    context = {
        "question": _("不要“%(item)s”的草稿了？") % {"item": found},
        "consequence": _("写的内容就没有了。在办的不变。"),
        "action": _("不要了"),
        "back_url": back,
        "item": found,
        "form": SeenForm(initial={"seen": found.seen}),
    }
    return render(request, "appointments/offering/discard.html", context)


def _as_shown(request: HttpRequest, found: Item) -> Item:
    """Raises Overtaken if the page has shown something else."""
    if request.POST.get("seen") != found.seen:
        raise drafts.Overtaken(_("这件事刚刚被别人改过，您点的没有算数。下面是现在的样子。"))
    return found


def _history(found: Item) -> list[tuple]:
    """(version, differences from the one before), newest first."""
    versions = ServiceItem.objects.filter(division=found.division, code=found.code).select_related(
        "changed_by", "ended_by"
    )
    ordered = list(versions.order_by("version"))
    before = [None, *ordered]
    pairs = [
        (version, differences(earlier, version) if earlier else [])
        for earlier, version in zip(before, ordered, strict=False)
    ]
    return pairs[::-1]
