"""`/api/v1/`: a center with its services and free times, and bookings. Uses the same services as the pages."""

import hashlib
from contextlib import nullcontext
from datetime import datetime, tzinfo
from functools import partial
from typing import Annotated

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Query, Router

from appointments.booking import services as booking
from appointments.booking.limits import refuse_at_once
from appointments.booking.look_up import find, to_look_up
from appointments.booking.models import Appointment, Channel
from appointments.booking.schemas import (
    Booked,
    BookingRequest,
    CenterDetail,
    ItemCode,
    MoveRequest,
    Phone,
    PhoneBody,
    Refused,
    Start,
)
from appointments.catalog.models import ServiceItem
from appointments.catalog.offered import item_or_404, items_at
from appointments.slots import availability
from appointments.slots.models import Slot
from centers import center_lookup, codes
from centers.api import row
from centers.api_auth import OPTIONAL, Caller
from centers.days.opening_state import OpeningState, opening_states
from centers.former_codes import content_location
from centers.people import rate_limits, residents
from portal.accounts.roles import Permission
from portal.prepared import Prepared
from portal.ui import words
from portal.ui.api import PROBLEMS, SENT, IdempotencyKey, Problem, SentDate, answer, refusal
from portal.ui.errors import RuleBroken
from portal.ui.params import EARLIEST, LATEST
from portal.ui.responses import keep_private

WITH_ALTERNATIVES = {"slot_full", "slot_gone", "slot_too_soon", "nobody_for_item"}
LONGEST_VIEW = 31

router = Router()


@router.get(
    "centers/{code}",
    response={200: CenterDetail, **PROBLEMS},
    tags=["centers"],
    operation_id="getCenter",
    summary="一个中心",
)
def center(request: HttpRequest, code: str) -> JsonResponse:
    """Opening hours of the next seven days, and `services`: the codes that other calls take as `item`."""
    found = center_lookup.find(code)
    opening_state = opening_states([found], whole=True)[found.pk]
    told = {
        **row(found),
        "directions": found.directions,
        "is_open": opening_state.is_open,
        "hours": _hours(opening_state),
        "services": [{"code": item.code, "name": str(item)} for item in items_at(found)],
    }
    return content_location(request, answer(told), code, found.code)


@router.get(
    "centers/{code}/slots",
    response={200: list[Start], **PROBLEMS},
    tags=["centers"],
    operation_id="listFreeTimes",
    summary="空位",
)
def slots(
    request: HttpRequest,
    code: str,
    item: ItemCode,
    first: Annotated[SentDate, Query(alias="from", ge=EARLIEST, le=LATEST)],
    days: Annotated[int, Query(ge=1, le=LONGEST_VIEW)] = 1,
) -> JsonResponse:
    """Times at which `item` can begin, from a day on; full ones are listed with `free` 0, past ones are not."""
    found, present = availability.starts_by_code(code, item, first, days) if codes.is_code(code) else None, code
    if not found:
        item_or_404(center := center_lookup.find(code), item)
        if (present := center.code) != code:
            found = availability.starts_by_code(present, item, first, days)
    zone = timezone.get_current_timezone()
    return content_location(request, answer([_start(start, zone) for start in found or []]), code, present)


@router.post(
    "appointments",
    response={201: Booked, 200: Booked, 401: Problem, 403: Problem, 409: Refused, 429: Problem, **SENT},
    tags=["appointments"],
    operation_id="bookAppointment",
    summary="预约",
    **OPTIONAL,
)
def book(
    request: HttpRequest,
    body: BookingRequest,
    key: Annotated[IdempotencyKey, Header(alias="Idempotency-Key")],
) -> JsonResponse:
    """201 for a new booking, 200 for the booking that the same idempotency key has made before.

    Without a token `channel` is `online`; `phone`, `desk` and `api` need a token that may book for others.
    """
    caller: Caller = request.auth
    slot = _slot(body.slot)
    if body.channel != Channel.ONLINE or not caller.is_public:
        caller.require(Permission.BOOK_FOR_OTHERS, slot.center.code)
    item = item_or_404(slot.center, body.item)
    try:
        made = _book(request, caller, slot, item, body, _key(caller, key))
    except RuleBroken as broken:
        return _refused(broken, slot, item, body.party_size)
    return _booked(made, 200 if made.is_repeat else 201)


@router.get(
    "appointments/{code}",
    response={200: Booked, 401: Problem, 403: Problem, 429: Problem, **PROBLEMS},
    tags=["appointments"],
    operation_id="lookUpAppointment",
    summary="查预约",
    **OPTIONAL,
)
def look_up(request: HttpRequest, code: str, phone: Annotated[Phone, Query()]) -> JsonResponse:
    """By the six-digit code and the booking's phone number. A wrong phone and a wrong code get the same response."""
    return _booked(_find(request, code, phone, Permission.VIEW_DAY))


@router.post(
    "appointments/{code}/cancel",
    response={200: Booked, 401: Problem, 403: Problem, 409: Problem, 429: Problem, **SENT},
    tags=["appointments"],
    operation_id="cancelAppointment",
    summary="取消",
    **OPTIONAL,
)
def cancel(request: HttpRequest, code: str, body: PhoneBody, phone: Phone | None = None) -> JsonResponse:
    """`phone` in the body, or in the query string with `{}` for a body. Idempotent."""
    appointment = _find(request, code, _phone_of(body, phone), Permission.BOOK_FOR_OTHERS)
    return _booked(booking.cancel(appointment=appointment, by=request.auth.user))


@router.post(
    "appointments/{code}/move",
    response={200: Booked, 401: Problem, 403: Problem, 409: Refused, 429: Problem, **SENT},
    tags=["appointments"],
    operation_id="moveAppointment",
    summary="改时间",
    **OPTIONAL,
)
def move(request: HttpRequest, code: str, body: MoveRequest, phone: Phone | None = None) -> JsonResponse:
    """To another `slot` of the same center. When refused, the old time is kept."""
    appointment = _find(request, code, _phone_of(body, phone), Permission.BOOK_FOR_OTHERS)
    slot = _slot(body.slot)
    is_public = request.auth.is_public
    try:
        with rate_limits.counting_move(request, appointment.phone) if is_public else nullcontext():
            moved = booking.move(appointment=appointment, slot=slot, by=request.auth.user)
    except RuleBroken as broken:
        return _refused(broken, slot, appointment.item, appointment.party_size)
    return _booked(moved)


def _slot(pk: int) -> Slot:
    """The slot, if its center is open to the public. Raises Http404."""
    found = _public_slots(pk=pk) if 0 < pk < 2**63 else []
    if not found:
        raise Http404("no such slot")
    return found[0]


@Prepared
def _public_slots(pk: int):
    return Slot.objects.select_related("center__division").filter(center__is_active=True, pk=pk)


def _key(caller: Caller, key: str) -> str:
    """The stored idempotency key: scoped to the caller, and hashed to fit the column."""
    return hashlib.sha256(f"{caller.scope}:{key}".encode()).hexdigest()


def _book(
    request: HttpRequest, caller: Caller, slot: Slot, item: ServiceItem, body: BookingRequest, key: str
) -> Appointment:
    if body.channel == Channel.ONLINE:
        refuse_at_once(slot, item, size=body.party_size, key=key)
    dedup_key = f"{key}:{body.phone}:{body.name}:{body.slot}:{body.item}"
    counting = rate_limits.counting_booking(request, body.phone, dedup_key) if caller.is_public else nullcontext()
    with counting as count:
        details = body.model_dump(include={"phone", "party_size", "note"}) | {"channel": Channel(body.channel)}
        resident = partial(residents.find_or_create, division=slot.center.division, name=body.name, phone=body.phone)
        made = booking.book(slot=slot, item=item, resident=resident, key=key, by=caller.user, **details)
        if count and made.is_repeat:
            count.take_back()
    return made


def _find(request: HttpRequest, code: str, phone: str, permission: Permission) -> Appointment:
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        raise Http404("not a booking's code")
    caller: Caller = request.auth
    if caller.membership is None:
        return find(request, phone, code, [to_look_up()])
    theirs = to_look_up().within(caller.membership.division.code)
    appointment = find(request, phone, code, [theirs], token=caller.token)
    caller.require(permission, appointment.center.code)
    return appointment


def _phone_of(body: PhoneBody, phone: str | None) -> str:
    given = body.phone or phone
    if not given:
        raise RuleBroken(_("请填写约的时候留的电话。"), code="invalid", field="phone")
    return given


def _refused(broken: RuleBroken, slot: Slot, item: ServiceItem, size: int) -> JsonResponse:
    if broken.code not in WITH_ALTERNATIVES:
        return refusal(broken)
    found = availability.alternatives(slot, item, size)
    pairs = [*((slot.center, start) for start in found.same_center), *found.neighbours]
    rows = [
        {
            "center": center.code,
            "center_name": center.name,
            "slot": start.slot,
            "starts_at": _moment(start.starts_at),
            "free": start.free,
        }
        for center, start in pairs
    ]
    page = settings.SITE_URL + reverse("wait", args=[slot.center.code, item.code, slot.pk])
    return refusal(broken, waiting_list=page if broken.code == "slot_full" else "", alternatives=rows)


def _hours(opening_state: OpeningState) -> list[dict]:
    return [
        {
            "date": day.date.isoformat(),
            "note": day.note,
            "openings": [
                {"starts_at": _moment(opening.starts_at), "ends_at": _moment(opening.ends_at)}
                for opening in day.openings
            ],
        }
        for day in opening_state.days[:7]
    ]


def _start(start: availability.Start, zone: tzinfo) -> dict:
    # The time zone is a parameter: reading it for each of a month's times takes longer than the query.
    return {
        "id": start.slot,
        "starts_at": start.starts_at.astimezone(zone).isoformat(),
        "ends_at": start.ends_at.astimezone(zone).isoformat(),
        "free": start.free,
    }


def _booked(appointment: Appointment, status: int = 200) -> JsonResponse:
    center, item = appointment.center, appointment.item
    told = answer(
        {
            "code": appointment.code,
            "status": appointment.status.value,
            "starts_at": _moment(appointment.starts_at),
            "ends_at": _moment(appointment.ends_at),
            "center": {"code": center.code, "name": center.name},
            "item": {"code": item.code, "name": str(item)},
            "name": words.masked_name(appointment.resident.name),
            "party_size": appointment.party_size,
            "slip": settings.SITE_URL + reverse("booking", args=[appointment.link]),
        },
        status,
    )
    return keep_private(told)


def _moment(value: datetime) -> str:
    """2026-12-01T09:00:00+08:00"""
    return timezone.localtime(value).isoformat()
