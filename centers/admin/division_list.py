"""Importing a list of divisions in the admin: uploaded, its successors looked at and corrected, confirmed."""

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers import codes
from centers.admin.sheets import Uploads
from centers.importing.divisions import RowErrors, import_divisions, propose_successors
from centers.importing.successors import Successor, Unconfirmed
from portal.ui.errors import RuleBroken
from portal.ui.forms import DayField
from portal.ui.sheets import gate

ERRORS_SHOWN = 20


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("区划表"), help_text=gettext_lazy("csv，两列：code,name。全国的表用命令行导入。")
    )
    under = forms.CharField(
        label=gettext_lazy("是哪里的表"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("12位区划代码，例如县的代码；空着就从表里看。"),
    )
    on = DayField(label=gettext_lazy("哪天起"), initial=timezone.localdate)
    allow_closing = forms.BooleanField(label=gettext_lazy("表里少了很多，也照表停用"), required=False)
    stored = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > gate.MAX_BYTES:
            raise forms.ValidationError(_("文件超过 %(most)d MB，请分成几份。") % {"most": gate.MAX_BYTES >> 20})
        return upload

    def clean_under(self) -> str | None:
        under = self.cleaned_data["under"].strip()
        if under and not codes.is_code(under):
            raise forms.ValidationError(_("区划代码是12位数字。"))
        return under or None


class ConfirmForm(ListForm):
    """The same, with the file from the cache and what was said of each division."""

    file = None
    stored = forms.CharField(widget=forms.HiddenInput)

    def successors(self) -> list[tuple[str, str]]:
        """(old, new) of each row; of several centers that become one, those that are ticked go on first."""
        olds = [name.removeprefix("new-") for name in self.data if name.startswith("new-")]
        pairs = []
        for old in sorted(olds, key=lambda old: (f"first-{old}" not in self.data, old)):
            news = self.data[f"new-{old}"].replace("，", " ").replace(",", " ").split()
            if any(not codes.is_code(code) for code in [old, *news]):
                raise RuleBroken(_("“%(old)s”后面写的不是12位代码。"), code="successor", old=old[:20])
            pairs += [(old, new) for new in news or [""]]
        return pairs


class DivisionListMixin:
    """Adds the page to DivisionAdmin. For superusers: a list renames whatever it names."""

    change_list_template = "admin/centers/division/change_list.html"

    def get_urls(self) -> list:
        page = self.admin_site.admin_view(self.import_list)  # type: ignore[attr-defined]
        return [path("import/", page, name="centers_division_import"), *super().get_urls()]  # type: ignore[misc]

    def import_list(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, ListForm())
        if not request.POST.get("stored"):
            form = ListForm(request.POST, request.FILES)
            return (
                self._preview(request, form, form.cleaned_data["file"].read())
                if form.is_valid()
                else self._page(request, form)
            )
        return self._confirm(request, ConfirmForm(request.POST))

    def _preview(self, request: HttpRequest, form: forms.Form, data: bytes, said: str = "") -> HttpResponse:
        given = form.cleaned_data
        try:
            rows = propose_successors(file=io.BytesIO(data), under=given["under"])
        except (RowErrors, RuleBroken) as error:
            return self._page(request, form, _lines(error))
        store = Uploads()
        store.save(data)
        again = ConfirmForm(
            initial={name: given[name] for name in ("under", "on", "allow_closing")} | {"stored": store.name}
        )
        return self._page(request, again, [said] if said else [], rows)

    def _confirm(self, request: HttpRequest, form: ConfirmForm) -> HttpResponse:
        if not form.is_valid():
            return self._page(request, form)
        try:
            data = Uploads(name=form.cleaned_data["stored"]).read()
        except RuleBroken as gone:
            return self._page(request, ListForm(), [str(gone)])
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in ("under", "on", "allow_closing")}
        try:
            outcome = import_divisions(file=io.BytesIO(data), successors=form.successors(), by=request.user, **given)
        except Unconfirmed as unseen:
            return self._preview(request, form, data, str(unseen))
        except (RowErrors, RuleBroken) as error:
            return self._preview(request, form, data, " ".join(_lines(error)))
        messages.success(request, outcome.words)
        return HttpResponseRedirect(reverse("admin:centers_division_changelist"))

    def _page(
        self,
        request: HttpRequest,
        form: forms.Form,
        errors: list[str] | None = None,
        rows: list[Successor] | None = None,
    ) -> HttpResponse:
        shown = [row for row in rows or [] if row.is_keyed]
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "title": _("导入区划表"),
            "form": form,
            "errors": errors,
            "is_preview": rows is not None,
            "rows": shown,
            "others": len(rows or []) - len(shown),
        }
        return TemplateResponse(request, "admin/centers/division/import_list.html", context)


def _lines(error: RowErrors | RuleBroken) -> list[str]:
    return error.lines()[:ERRORS_SHOWN] if isinstance(error, RowErrors) else [str(error)]
