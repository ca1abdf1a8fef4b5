"""The offline sheet: page, service worker, data, sync, and unresolved marks."""

import hashlib
import json

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from appointments.desk.offline import services as offline
from appointments.desk.offline.models import OfflineMark
from appointments.desk.offline.payload import MOST_LEFT, Sent, for_device
from centers import access
from centers.models import Center
from centers.request_access import center_for, center_for_data, row_for
from portal.accounts.roles import Permission
from portal.ui import api, assets
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of

# The files of the page, precached by the service worker.
FILES = ("app.css", "sheet.css", "app.js", "sheet.js", "icon.svg")


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """App shell without personal data, because the service worker caches it; the script fills in the list."""
    center_for(request, Permission.MARK_ATTENDANCE)
    response = render(request, "appointments/desk/offline/sheet.html")
    response["Sheet-Version"] = _version()
    return response


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Public, so that a browser can update it without a session. Its URL limits its scope to this page."""
    constants = {"VERSION": _version(), "SHELL": reverse("desk_sheet"), "FILES": _addresses()}
    declarations = [f"const {name} = {json.dumps(value)};\n" for name, value in constants.items()]
    body = "".join(declarations) + assets.bundle("worker.js").body.decode()
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@never_cache
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    center = center_for_data(request, Permission.MARK_ATTENDANCE)
    return api.answer(_for_device(request, center))


@never_cache
@require_POST
def marks(request: HttpRequest) -> HttpResponse:
    """The outcome of each mark by its key, and the current list."""
    center = center_for_data(request, Permission.MARK_ATTENDANCE)
    try:
        sent = Sent(request.body, timezone.now())
    except RequestDataTooBig:
        return api.problem(
            413, "too_big", _("一次送来的太多，一条也没有记。记下的都还在这台电脑上，请刷新这一页再送。")
        )
    except RuleBroken as broken:
        return api.problem(400, broken.code, str(broken))
    if sent.owner != request.user.pk:
        return api.refusal(RuleBroken(_("这些是另一个人记的，要本人登录以后再送。"), code="other_person"))
    outcomes = {key: _synced(center, tap, request) for key, tap in sent.taps()}
    return api.answer({**_for_device(request, center), "outcomes": outcomes})


@never_cache
@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Walk-ins still to be entered, and marks that could not be set."""
    center = center_for(request, Permission.MARK_ATTENDANCE)
    rows = OfflineMark.objects.unsettled().settled_at(center).select_related("by", "appointment__resident")
    page = page_of(request, rows.select_related("appointment__item"), per_page=MOST_LEFT)
    rows = list(page)
    context = {
        "center": center,
        "page": page,
        "people": [row for row in rows if row.kind == OfflineMark.Kind.NOTE],
        "stuck": [row for row in rows if row.kind != OfflineMark.Kind.NOTE],
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=center),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center),
    }
    return render(request, "appointments/desk/offline/left.html", context)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    mark = row_for(request, OfflineMark.objects.select_related("center__division"), pk, Permission.MARK_ATTENDANCE)
    offline.settle(mark=mark, by=request.user)
    messages.success(request, _("这一条处理好了。"))
    return redirect(f"{reverse('desk_sheet_left')}?center={mark.center.code}")


def _for_device(request: HttpRequest, center: Center) -> dict:
    return for_device(request, center, names=access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center))


def _synced(center: Center, tap: offline.Tap | None, request: HttpRequest) -> str:
    if tap is None:
        return OfflineMark.Outcome.REFUSED
    return offline.sync_mark(center=center, tap=tap, by=request.user).outcome


def _addresses() -> list[str]:
    return [reverse("asset", kwargs={"digest": assets.bundle(name).digest, "name": name}) for name in FILES]


def _version() -> str:
    """Cache version: changes with any file, so that a cached page never mixes two deployments."""
    whole = " ".join([*_addresses(), assets.bundle("worker.js").digest])
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
