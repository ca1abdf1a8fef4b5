"""Booking in four steps: what, when, who, slip. Each step has its own URL; none needs JavaScript."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from appointments.booking import last_booked
from appointments.booking import services as booking
from appointments.booking.limits import refuse_at_once
from appointments.booking.models import Appointment, Channel, Status
from appointments.booking.repeated import OTHERWISE, differs
from appointments.catalog.models import ServiceItem
from appointments.catalog.offered import item_or_404, items_at, offers_at
from appointments.slots import availability, day_picker
from appointments.slots.models import Slot
from centers import center_lookup
from centers.forms import FindForm
from centers.models import Center, FamilyLink, Resident
from centers.people import drafts, rate_limits, residents
from centers.people.family import links_of
from centers.people.forms import WhoForm
from portal.accounts.models import User
from portal.anonymous import anonymous_read
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import key_of
from portal.ui.responses import status_of

WITH_ALTERNATIVES = {"slot_full", "slot_gone", "slot_too_soon", "nobody_for_item", "already_booked"}


@anonymous_read
@require_safe
def what(request: HttpRequest, code: str) -> HttpResponse:
    center = center_lookup.center_or_404(code)
    words = FindForm(request.GET).words
    found = items_at(center, words) if words else []
    context = {
        "center": center,
        "words": words,
        "groups": [(_("找到这些"), found)] if found else [],
        "offers": () if words else offers_at(center),
    }
    return render(request, "appointments/booking/what.html", context)


@anonymous_read
@require_safe
def when(request: HttpRequest, code: str, item: str) -> HttpResponse:
    center = center_lookup.center_or_404(code)
    service = item_or_404(center, item)
    here = reverse("book_time", args=[code, item])
    choice, draft = day_picker.choose(center, service, request.GET, full=True), drafts.query_of(request)
    tail = f"?{draft}" if draft else ""
    context = {
        "center": center,
        "item": service,
        # One reverse() for the page; the slot id is appended for each time.
        **day_picker.for_page(
            choice,
            here,
            lambda start: f"{here}{start.slot}/{tail}",
            lambda start: f"{here}{start.slot}/wait/{tail}",
            kept=draft,
        ),
    }
    return render(request, "appointments/booking/when.html", context)


@login_not_required
@cache_control(private=True, no_cache=True)  # the form's key is one person's; `no_store` would make Back lose it all
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest, code: str, item: str, slot: int) -> HttpResponse:
    center = center_lookup.center_or_404(code)
    service = item_or_404(center, item)
    time = get_object_or_404(Slot, pk=slot, center=center)
    if request.POST.get("go") == "time":
        key = key_of(request.POST.get("key", ""))
        drafts.save(request, key)
        return redirect(f"{_times(center, service, time)}&{drafts.PARAMETER}={key}")
    make = partial(WhoForm, links=links_of(request.user), contact=request.user)
    if request.method != "POST":
        return _page(request, center, service, time, make(initial=drafts.load(request)), _stale(center, service, time))
    form, refused = make(request.POST), None
    if form.is_valid():
        try:
            return _slip(request, _book(request, center, service, time, form), time, form)
        except RuleBroken as refusal:
            if booked := last_booked.find(request, time, service, form):
                return _again(request, booked, time, form)
            refused = _explained(refusal, time, form)
            form.refuse(refused)
    return _page(request, center, service, time, form, refused)


def _page(
    request: HttpRequest, center: Center, item: ServiceItem, slot: Slot, form: WhoForm, refused: RuleBroken | None
) -> HttpResponse:
    context = {
        "center": center,
        "item": item,
        "slot": slot,
        "form": form,
        "stale": None if form.is_bound else refused,
        "times_url": _with_draft(request, _times(center, item, slot)),
        "wait_url": _with_draft(request, reverse("wait", args=[center.code, item.code, slot.pk]))
        if _is_full(refused)
        else "",
        **_alternatives(item, slot, form, refused),
    }
    status = status_of(refused) if form.is_bound else None  # a time that went while it was read is no refusal
    page = render(request, "appointments/booking/who.html", context, status=status)
    return center_lookup.remember(request, page, center)


def _book(request: HttpRequest, center: Center, item: ServiceItem, slot: Slot, form: WhoForm) -> Appointment:
    """Raises RuleBroken. A repeated form (same idempotency key) is not counted by the rate limit."""
    refuse_at_once(slot, item, size=form.size, key=form.key)
    with counting(request, "book", form, slot, item) as count:
        made = booking.book(slot=slot, item=item, **asked_online(request, form, center))
        if made.is_repeat:
            count.take_back()
    return made


def counting(
    request: HttpRequest, step: str, form: WhoForm, slot: Slot, item: ServiceItem
) -> AbstractContextManager[rate_limits.Count]:
    """Counts the step for the number in the form. Only what is asked word for word once more is the same request."""
    phone, who = form.cleaned_data["phone"], form.link.pk if form.link else form.cleaned_data["name"]
    same = f"{step}:{form.key}:{slot.pk}:{item.pk}:{phone}:{who}"
    return rate_limits.counting_booking(request, phone, dedup_key=same)


def asked_online(request: HttpRequest, form: WhoForm, center: Center) -> dict[str, Any]:
    """What the services of booking and waiting want to know besides the time and the item."""
    return form.details | {
        "resident": partial(_resident_of, form, center, request.user),
        "channel": Channel.ONLINE,
        "key": form.key,
        "by": request.user if request.user.is_authenticated else None,
    }


def _resident_of(form: WhoForm, center: Center, user: User | AnonymousUser) -> Resident:
    """Who comes: chosen from the family, or found by name and phone, or written down. Raises RuleBroken."""
    if form.link:
        return form.link.resident
    name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
    resident = residents.find_or_create(division=center.division, name=name, phone=phone)
    if user.is_authenticated and form.cleaned_data["relation"] == FamilyLink.Relation.SELF and user.phone == phone:
        residents.name_account(user, resident)
    return resident


def _slip(request: HttpRequest, appointment: Appointment, slot: Slot, form: WhoForm) -> HttpResponse:
    drafts.clear(request, form.key)
    if appointment.is_repeat:
        return _again(request, appointment, slot, form)
    response = redirect("booking", appointment.link)
    last_booked.remember(response, appointment)
    return response


def _again(request: HttpRequest, booked: Appointment, slot: Slot, form: WhoForm) -> HttpResponse:
    """The form was sent once more, as after going back. What was changed in it is not taken, and that is said."""
    if booked.status in Status.active():
        messages.info(request, _("您已经约好了，没有再约一次。这是您的预约单。"))
        if differs(booked, slot.starts_at, form.details):
            messages.warning(request, OTHERWISE)
    return redirect("booking", booked.link)


def _stale(center: Center, item: ServiceItem, slot: Slot) -> RuleBroken | None:
    """Why a time cannot be booked any more, told before anything is typed."""
    start = availability.start_at(center, item, slot)
    if start is None:
        return RuleBroken(_("这个时间已经过了，或者中心那时不开门了。请另选一个时间。"), code="slot_gone")
    if not start.free:
        return RuleBroken(_("这个时间刚刚被约满了。请另选一个时间。"), code="slot_full")
    return None


def _explained(refusal: RuleBroken, slot: Slot, form: WhoForm) -> RuleBroken:
    """Full for a party of this size, and not for a smaller one."""
    slot.refresh_from_db()
    if refusal.code == "slot_full" and slot.online_free > 0:
        sentence = _("这个时间只剩%(left)d个位子，坐不下%(size)d个人。可以少来几个人，或者另选一个时间。")
        fits = {"left": slot.online_free, "size": form.size}
        return RuleBroken(sentence % fits, code="slot_full", field="party_size")
    return refusal


def _is_full(refused: RuleBroken | None) -> bool:
    return refused is not None and refused.code == "slot_full"


def _alternatives(item: ServiceItem, slot: Slot, form: WhoForm, refused: RuleBroken | None) -> dict:
    if refused is None or refused.code not in WITH_ALTERNATIVES:
        return {}
    return {"alternatives": availability.alternatives(slot, item, form.size), "size": form.size}


def _with_draft(request: HttpRequest, url: str) -> str:
    draft = drafts.query_of(request)
    return f"{url}{'&' if '?' in url else '?'}{draft}" if draft else url


def _times(center: Center, item: ServiceItem, slot: Slot) -> str:
    return f"{reverse('book_time', args=[center.code, item.code])}?day={timezone.localdate(slot.starts_at)}"
