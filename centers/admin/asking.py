"""The admin asks first as well: a whole POST is rehearsed, and a page names the bookings that it touches."""

from collections.abc import Callable
from functools import partial

from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from centers.admin.sheets import uploads_stay
from centers.days.asking import change_or_ask
from portal.ui.errors import RuleBroken


class AsksFirst:
    """Of pages that change when a center is open, or what it offers: form, deletion and actions of the list."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        page = partial(super().changeform_view, object_id=object_id, form_url=form_url, extra_context=extra_context)
        return _asked(request, page)

    def delete_view(self, request, object_id, extra_context=None):
        return _asked(request, partial(super().delete_view, object_id=object_id, extra_context=extra_context))

    def changelist_view(self, request, extra_context=None):
        return _asked(request, partial(super().changelist_view, extra_context=extra_context))

    def process_import(self, request, **kwargs):
        """Confirming a sheet, of a SheetAdmin: validated before the rehearsal, whose transaction is to be short."""
        page = partial(super().process_import, **kwargs)
        if request.method == "POST" and self.has_import_permission(request):
            try:
                self.validated(request)
            except (RuleBroken, IndexError, ValueError):
                return page(request)  # which says so
        return _asked(request, page)


def _asked(request: HttpRequest, page: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    if request.method != "POST":
        return page(request)
    made = change_or_ask(
        request,
        partial(page, request),
        rehearsal=partial(_rehearse, request, page),
        question=_("这样改吗？"),
        action=_("照这样改"),
        back_url=request.get_full_path(),
    )
    return made.page or made.result


def _rehearse(request: HttpRequest, page: Callable[[HttpRequest], HttpResponse]) -> None:
    """What the rehearsal says is not shown, and an uploaded sheet stays for the change itself."""
    said, request._messages = request._messages, default_storage(request)
    try:
        with uploads_stay():
            page(request)
    finally:
        request._messages = said
