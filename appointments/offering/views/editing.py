"""Writing an item: the form, what it changes, and then the next version, a planned one or a draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appointments.catalog import drafts
from appointments.catalog.changes import differences
from appointments.catalog.drafts import Item
from appointments.catalog.models import CONTENT, ItemDraft, ServiceItem
from appointments.offering.access import kept_item, own_divisions
from appointments.offering.forms import DAY, DRAFT, NOW, ItemForm, typed_back
from appointments.offering.reach import reach_of
from centers import codes
from centers.models import Division
from portal.ui.errors import RuleBroken, explain
from portal.ui.params import number
from portal.ui.responses import CONFLICT, UNPROCESSABLE
from portal.ui.words import plain_day

# What the page that shows the changes adds itself; all else that was sent is sent again with the answer.
OWN = {"csrfmiddlewaretoken", "sure", "edit", "line"}


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    own = own_divisions(request)
    places = _places(own)
    if request.method == "GET":
        initial = {"handling_mode": "proxy", "promised_kind": "workdays", "statutory_kind": "none"}
        return _form_page(request, None, ItemForm(places=places, initial=initial))
    return _answer(request, None, places)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, place: str, code: str) -> HttpResponse:
    item = kept_item(request, place, code)
    if request.method == "GET":
        shown = _asked_version(request, item) or item.draft or item.last
        initial = {name: getattr(shown, name) for name in CONTENT} | {"seen": item.seen} | _start_of(shown)
        return _form_page(request, item, ItemForm(initial=initial), copied=shown if shown.pk else None)
    return _answer(request, item, [])


def _answer(request: HttpRequest, item: Item | None, places: list[Division]) -> HttpResponse:
    """One of: lines rearranged, back to the form, what it changes, stored; or why not, with all that was typed."""
    if "line" in request.POST or "edit" in request.POST:
        return _form_page(request, item, typed_back(request.POST, request.POST.get("line", ""), places=places))
    form = ItemForm(request.POST, places=places)
    if not form.is_valid():
        return _form_page(request, item, form, status=UNPROCESSABLE)
    if "sure" not in request.POST:
        if item and form.cleaned_data["seen"] != item.seen:
            return _overtaken(request, item, form, drafts.Overtaken())
        return _review(request, item, form)
    division = item.division if item else next(one for one in places if one.code == form.cleaned_data["place"])
    try:
        made = drafts.write(
            division=division,
            code=item.code if item else "",
            seen=form.cleaned_data["seen"],
            starts_on=form.starts_on,
            by=request.user,
            **form.content,
        )
    except drafts.Overtaken as refusal:
        return _overtaken(request, item, form, refusal)
    except (RuleBroken, ValidationError) as refused:
        refusal = refused if isinstance(refused, RuleBroken) else explain(refused)
        refusal.add_to(form)
        return _form_page(request, item, form, status=UNPROCESSABLE)
    messages.success(request, _said(made))
    return redirect("manage_item", division.code, made.code)


def _review(request: HttpRequest, item: Item | None, form: ItemForm) -> HttpResponse:
    written, last = form.written(), item.last if item else None
    is_now = form.cleaned_data["when"] == NOW
    changed = differences(last, written) if last else []
    is_same = bool(item and item.current and is_now and not item.draft and not changed)
    context = {
        "item": item,
        "written": written,
        "changed": changed,
        "is_same": is_same,
        "starts_on": form.starts_on,
        "is_now": is_now,
        "notes": reach_of(item.division, item.code).if_revised() if item and item.current else [],
        "sent": [(name, one) for name, every in request.POST.lists() if name not in OWN for one in every],
    }
    return render(request, "appointments/offering/review.html", context)


def _overtaken(request: HttpRequest, item: Item, form: ItemForm, refusal: RuleBroken) -> HttpResponse:
    """The form with what was typed, over what others have changed meanwhile; it now looks at their version.

    What the editor has left as it was is what the others have made of it, so that saving does not take it back.
    """
    sent = request.POST.copy()
    seen, now = form.cleaned_data["seen"], drafts.find(item.division, item.code) or item
    base = drafts.version_seen(now, seen)
    untouched = [name for name in CONTENT if base and form.content[name] == getattr(base, name)]
    for name in untouched:
        value = getattr(now.last, name)
        sent.setlist(name, value if isinstance(value, list) else [] if value in (None, False) else [str(value)])
    sent["seen"] = now.seen
    more = {"refusal": refusal, "edits": drafts.edits_since(now, seen), "is_merged": bool(base)}
    return _form_page(request, now, ItemForm(sent), status=CONFLICT, **more)


def _form_page(request: HttpRequest, item: Item | None, form: ItemForm, *, status: int = 200, **more) -> HttpResponse:
    return render(request, "appointments/offering/form.html", {"item": item, "form": form, **more}, status=status)


def _asked_version(request: HttpRequest, item: Item) -> ServiceItem | None:
    """The version of ?from=, to be written again; None for none."""
    asked = number(request.GET.get("from"))
    if asked is None:
        return None
    return ServiceItem.objects.filter(
        division=item.division, code=item.code, version=min(asked, drafts.HIGHEST_VERSION)
    ).first()


def _start_of(shown: ServiceItem | ItemDraft) -> dict:
    if not isinstance(shown, ItemDraft):
        return {"when": NOW}
    is_ahead = shown.starts_on and shown.starts_on > timezone.localdate()
    return {"when": DAY, "day": shown.starts_on} if is_ahead else {"when": DRAFT}


def _places(own: list[Division]) -> list[Division]:
    """The user's own divisions and the townships in them."""
    found = []
    for division in own:
        below = Division.objects.current().filter(code__range=codes.span(division.code), level=Division.Level.TOWNSHIP)
        found += [division, *below.exclude(pk=division.pk).order_by("code")]
    return found


def _said(made: ServiceItem | ItemDraft) -> str:
    if isinstance(made, ServiceItem):
        return _("存好了，“%(item)s”第%(version)d版从今天起用。") % {"item": made, "version": made.version}
    if made.starts_on:
        return _("存好了，“%(item)s”从%(day)s起照新的办。") % {"item": made, "day": plain_day(made.starts_on)}
    return _("草稿存好了，群众还看不到。想用的时候点“现在就用”。")
