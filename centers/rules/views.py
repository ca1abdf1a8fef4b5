"""The pages on which a county reads its rules, changes one, takes a change back and prints them all."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centers import codes
from centers.models import Division, RuleChange
from centers.rules import services
from centers.rules.access import is_administrator, may_set, others, place_of
from centers.rules.declared import SUBJECTS, Rule, rules
from centers.rules.effects import effects_of
from centers.rules.forms import ChangeForm, UndoForm
from centers.rules.reading import EVERYWHERE, value, value_and_code
from centers.rules.wording import in_words
from portal.ui.errors import RuleBroken
from portal.ui.responses import status_of

HISTORY = 50


@dataclass(frozen=True)
class Line:
    """A rule as a page shows it at one place."""

    rule: Rule
    words: str
    origin: str | Promise
    is_own: bool
    may_set: bool
    coming: list[tuple[date, str]]


@never_cache
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    context = _listed(place) | {"others": others(request.user, place), "everywhere": is_administrator(request.user)}
    return render(request, "centers/rules/rules.html", context)


@never_cache
@require_safe
def rules_paper(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    return render(request, "centers/rules/paper.html", _listed(place) | {"today": timezone.localdate()})


@never_cache
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule. POST shows what the change touches; with `agreed` it makes it, with `edit` it shows the form again."""
    place, one = place_of(request), _rule_or_404(name)
    if request.method == "GET":
        return _rule_page(request, one, place, _empty_form(one, place))
    if not may_set(one, place):
        raise PermissionDenied
    form = ChangeForm(request.POST, rule=one, place=place)
    if not form.is_valid() or "edit" in request.POST:
        return _rule_page(request, one, place, form)
    sent = form.cleaned_data
    if "agreed" not in request.POST:
        return _asking_page(request, one, place, form)
    try:
        services.change(
            rule=one,
            division=place,
            value=sent["value"],
            valid_from=sent["valid_from"],
            reason=sent["reason"],
            seen=sent["seen"],
            key=sent["key"],
            by=request.user,
        )
    except RuleBroken as refusal:
        return _rule_page(request, one, place, _again(form, one, place), refusal)
    messages.success(request, _("改好了。从那天起，所有页面都按新的算。"))
    return redirect(_address(one, place))


@never_cache
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(RuleChange.objects.select_related("division", "set_by"), pk=pk)
    place, one = place_of(request), _rule_or_404(change.name)
    if (change.division_id or None) != (place.pk if place else None):
        raise Http404("a change of another division")
    if not may_set(one, place):
        raise PermissionDenied
    last, refusal = services.last_of(one, place), None
    form = UndoForm(request.POST or None, initial={"seen": last.number})
    if form.is_valid():
        sent = form.cleaned_data
        try:
            if change.number != sent["seen"]:
                raise RuleBroken(_("后来又改过。请从最后一次撤回起。"), code="later")
            services.undo(change=change, seen=sent["seen"], key=sent["key"], by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            messages.success(request, _("撤回了。"))
            return redirect(_address(one, place))
    if refusal is None and change.pk != last.pk:
        return redirect(_address(one, place))
    before = services.value_before(change)
    context = {
        "question": _("撤回“%(rule)s”的改动？") % {"rule": one.title},
        "consequence": one.stays,
        "action": _("撤回"),
        "back_url": _address(one, place),
        "form": UndoForm(initial={"seen": last.number}),
        "facts": [
            (_("现在改成"), _value_words(one, place, change.value)),
            (_("撤回以后"), _value_words(one, place, before)),
            (_("从哪天起"), max(change.valid_from, timezone.localdate())),
        ],
        "refusal": refusal,
    }
    return render(request, "centers/rules/undo.html", context, status=status_of(refusal))


def _listed(place: Division | None) -> dict:
    names = _names(place)
    coming = _coming(place)
    lines = [_line(one, place, names, coming.get(one.name, [])) for one in rules().values()]
    subjects = [
        (title, [line for line in lines if line.rule.subject == subject]) for subject, title in SUBJECTS.items()
    ]
    return {"place": place, "subjects": [(title, found) for title, found in subjects if found], "at": _query(place)}


def _line(one: Rule, place: Division | None, names: dict[str | None, str | Promise], coming: list[RuleChange]) -> Line:
    now, code = value_and_code(one.name, place)
    ahead = [(change.valid_from, _value_words(one, place, change.value)) for change in coming]
    own = code is not None and code == (place.code if place else EVERYWHERE)
    return Line(one, in_words(one, now), names.get(code, ""), own, may_set(one, place), ahead)


def _names(place: Division | None) -> dict[str | None, str | Promise]:
    """Where a value comes from, by the code of its division."""
    above = Division.objects.current().filter(code__in=[*codes.ancestors(place.code), place.code]) if place else []
    return {None: _("默认"), EVERYWHERE: _("全站定的")} | {
        one.code: _("%(place)s定的") % {"place": one} for one in above
    }


def _coming(place: Division | None) -> dict[str, list[RuleChange]]:
    """Changes of the place itself that begin later; of one day the last."""
    rows = RuleChange.objects.filter(division=place, valid_from__gt=timezone.localdate())
    found: dict[str, dict[date, RuleChange]] = {}
    for row in rows.order_by("valid_from", "number"):
        found.setdefault(row.name, {})[row.valid_from] = row
    return {name: list(by_day.values()) for name, by_day in found.items()}


def _rule_page(
    request: HttpRequest, one: Rule, place: Division | None, form: ChangeForm, refusal: RuleBroken | None = None
) -> HttpResponse:
    history = list(
        RuleChange.objects.filter(name=one.name, division=place).select_related("set_by").order_by("-number")[:HISTORY]
    )
    context = {
        "line": _line(one, place, _names(place), _coming(place).get(one.name, [])),
        "default": in_words(one, one.default),
        "place": place,
        "form": form,
        "refusal": refusal,
        "history": [(change, _value_words(one, place, change.value)) for change in history],
        "last": history[0] if history and not history[0].undoes_id else None,
        "at": _query(place),
        "list_url": reverse("rules") + _query(place),
    }
    return render(request, "centers/rules/rule.html", context, status=status_of(refusal))


def _asking_page(request: HttpRequest, one: Rule, place: Division | None, form: ChangeForm) -> HttpResponse:
    sent = form.cleaned_data
    new = sent["value"] if sent["value"] is not None else _above(one, place)
    context = {
        "rule": one,
        "place": place,
        "form": form,
        "before": in_words(one, value(one.name, place, sent["valid_from"])),
        "after": in_words(one, new),
        "follows": sent["value"] is None,
        "first": sent["valid_from"],
        "effects": effects_of(one, place, new, sent["valid_from"]),
        "at": _query(place),
        "rule_url": _address(one, place),
    }
    return render(request, "centers/rules/asking.html", context)


def _above(one: Rule, place: Division | None) -> Any:
    """The value of the division above; without one, the installation's."""
    if place is None:
        return one.default
    above = codes.ancestors(place.code)
    return value(one.name, above[-1] if above else None)


def _empty_form(one: Rule, place: Division | None) -> ChangeForm | None:
    if not may_set(one, place):
        return None
    last = services.last_of(one, place)
    return ChangeForm(rule=one, place=place, seen=last.number if last else 0)


def _again(form: ChangeForm, one: Rule, place: Division | None) -> ChangeForm:
    """What was typed, over the state that is on the page now."""
    last, data = services.last_of(one, place), form.data.copy()
    data["seen"] = last.number if last else 0
    again = ChangeForm(data, rule=one, place=place)
    again.renew_key()
    return again


def _rule_or_404(name: str) -> Rule:
    if name not in rules():
        raise Http404("no such rule")
    return rules()[name]


def _value_words(one: Rule, place: Division | None, stored: Any) -> str:
    if stored is not None:
        return in_words(one, stored)
    return _("跟上一级一样，现在是%(value)s") % {"value": in_words(one, _above(one, place))}


def _query(place: Division | None) -> str:
    return f"?at={place.code}" if place else ""


def _address(one: Rule, place: Division | None) -> str:
    return reverse("rule", args=[one.name]) + _query(place)
