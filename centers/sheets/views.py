"""The pages: which sheets there are, a kind with its template, an upload from the preview to its undo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centers.models import SheetPart, SheetUpload
from centers.sheets import blank, services
from centers.sheets.access import bringing_in, own_upload
from centers.sheets.forms import UploadForm, confirmation
from centers.sheets.kinds import KINDS, Kind
from centers.sheets.showing import Preview, lines_of
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of
from portal.ui.responses import status_of
from portal.ui.sheets.formats import Csv, Xlsx

SHOWN = 100  # errors on a page; the others are in the list to download


@never_cache
@require_safe
@bringing_in
def sheets(request: HttpRequest) -> HttpResponse:
    uploads = page_of(request, SheetUpload.objects.of(request.user).with_faults())
    return render(request, "centers/sheets/sheets.html", {"kinds": KINDS.values(), "page": uploads})


@never_cache
@require_http_methods(["GET", "POST"])
@bringing_in
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given, file = form.cleaned_data, form.cleaned_data["sheet"]
        try:
            made = services.receive(kind=kind, name=file.name, data=file.read(), key=given["key"], by=request.user)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("sheet_upload", made.pk)
    uploads = SheetUpload.objects.of(request.user).with_faults().filter(kind=kind)[:5]
    context = {"kind": KINDS[kind], "form": form, "uploads": uploads}
    return render(request, "centers/sheets/kind.html", context)


@never_cache
@require_safe
@bringing_in
def template(request: HttpRequest, kind: str) -> HttpResponse:
    return _file(blank.template(KINDS[kind]), f"{kind}.xlsx", Xlsx.content_type)


@never_cache
@require_http_methods(["GET", "POST"])
@bringing_in
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, the preview, or what became of it; POST confirms the preview."""
    found = own_upload(request, pk)
    form = confirmation(found.kind, request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            services.confirm(upload=found, by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            return redirect("sheet_upload", found.pk)
    totals = services.totals(found)
    context = {
        "upload": found,
        "kind": KINDS[found.kind],
        "form": form,
        "refusal": refusal,
        "totals": totals,
        "counted": _counted(totals),
        "faults": lines_of(services.faults(found, SHOWN)),
        "more": max(totals["bad"] - SHOWN, 0),
        "kept": lines_of(services.kept(found, SHOWN)),
        "preview": _preview(KINDS[found.kind], found),
        "cannot_undo": services.refusal_to_undo(found),
    }
    return render(request, "centers/sheets/upload.html", context, status=status_of(refusal))


@never_cache
@require_safe
@bringing_in
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_upload(request, pk)
    lines = services.kept(found) if found.undone_at else services.faults(found)
    return _file(blank.errors(lines), f"errors-{found.pk}.csv", Csv.content_type)


@never_cache
@require_http_methods(["GET", "POST"])
@bringing_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_upload(request, pk)
    refusal = services.refusal_to_undo(found)
    if request.method == "POST" and not refusal:
        try:
            services.ask_undo(upload=found, by=request.user)
        except RuleBroken as broken:
            refusal = broken
    if refusal:
        messages.error(request, str(refusal))
    if refusal or found.undo_asked_at or request.method == "POST":
        return redirect("sheet_upload", found.pk)
    context = {
        "question": _("撤回“%(name)s”？") % {"name": found.name},
        "consequence": _("这次新增的去掉，改过的变回原来的样子。之后有人用过、改过的留着，撤完列给您看为什么。"),
        "action": _("撤回这一次"),
        "back_url": reverse("sheet_upload", args=[found.pk]),
        "totals": services.totals(found),
    }
    return render(request, "centers/sheets/undo.html", context)


def _preview(kind: Kind, upload: SheetUpload) -> Preview | None:
    """The first rows, until it has been written."""
    if upload.written_at or not upload.checked_at:
        return None
    part = SheetPart.objects.filter(upload=upload).order_by("number").first()
    return Preview.of(kind, upload.headers, part) if part else None


def _counted(totals: dict[str, int]) -> list[tuple[str, int]]:
    return [(_("新增"), totals["new"]), (_("更新"), totals["changed"]), (_("不变"), totals["same"])]


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=content_type, headers=headers)
