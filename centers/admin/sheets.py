"""Spreadsheet import and export in the admin: checked before parsing, previewed, all rows or none."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm, ImportForm
from import_export.results import RowResult
from import_export.tmp_storages import CacheStorage

from portal.ui.errors import RuleBroken
from portal.ui.sheets import gate
from portal.ui.sheets.formats import Csv, Xlsx

logger = logging.getLogger(__name__)


class UploadForm(ImportForm):
    """Without a choice of format: it is detected from the file."""

    import_file = forms.FileField(
        label=gettext_lazy("表格文件"), help_text=gettext_lazy(".xlsx 或 .csv，一次最多 5000 行。")
    )

    def __init__(self, formats, resources, **kwargs) -> None:
        super().__init__(formats, resources, **kwargs)
        self.suffixes = [one().get_extension() for one in formats]
        self.fields["format"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.fields["import_file"].widget.attrs["accept"] = ".xlsx,.csv"

    @property
    def media(self):
        return forms.Media()

    def clean(self) -> dict:
        upload = self.cleaned_data.get("import_file")
        if upload is None:
            return self.cleaned_data
        try:
            if upload.size > gate.MAX_BYTES:
                raise RuleBroken(_("文件超过 %(most)d MB，请分成几份。"), code="too_big", most=gate.MAX_BYTES >> 20)
            kind = gate.kind_of(upload.read(), upload.name)
            self.cleaned_data["format"] = str(self.suffixes.index(kind))
            upload.seek(0)
        except RuleBroken as refusal:
            self.add_error("import_file", str(refusal))
        return self.cleaned_data


class DownloadForm(ExportForm):
    def __init__(self, formats, resources, **kwargs) -> None:
        super().__init__(formats, resources, **kwargs)
        self.fields["resource"].label = _("内容")
        self.fields["format"].label = _("格式")
        self.initial.setdefault("format", "0")


_stay: ContextVar[bool] = ContextVar("uploads_stay", default=False)


@contextmanager
def uploads_stay() -> Iterator[None]:
    """Within it a confirmed upload is kept: the import is rehearsed, and rolled back."""
    token = _stay.set(True)
    try:
        yield
    finally:
        _stay.reset(token)


class Uploads(CacheStorage):
    """Stores an uploaded file in the database cache between preview and confirmation: works with several processes.

    The library's default storage would open any file in its folder that the browser names (path traversal).
    """

    CACHE_LIFETIME = 3600
    CACHE_PREFIX = "upload-"

    def remove(self) -> None:
        if not _stay.get():
            super().remove()

    def read(self) -> bytes:
        data = super().read()
        if data is None:
            raise RuleBroken(_("预览已经过期，什么都没有导入。请重新上传一次。"), code="gone")
        return data


class SheetAdmin(ImportExportMixin):
    import_form_class = UploadForm
    export_form_class = DownloadForm
    tmp_storage_class = Uploads
    from_encoding = None
    import_template_name = "admin/import_export/import.html"

    def get_import_formats(self) -> list:
        resource = self.resource_classes[0]
        return [partial(one, known=resource.columns(), required=resource.required) for one in (Xlsx, Csv)]

    def get_export_formats(self) -> list:
        return [Xlsx, Csv]

    def get_import_resource_classes(self, request) -> list:
        return self.resource_classes[:1]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_import_data_kwargs(self, **kwargs) -> dict:
        return {"rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form, e) -> None:
        if not isinstance(e, RuleBroken):
            logger.warning("an uploaded sheet could not be read", exc_info=e)
            e = RuleBroken(_("这个文件读不了。请用 Excel 或 WPS 重新另存一次再传。"))
        form.add_error("import_file", str(e))

    def process_import(self, request: HttpRequest, **kwargs):
        try:
            return super().process_import(request, **kwargs)
        except (RuleBroken, IndexError, ValueError) as error:
            # The upload expired, or the hidden fields were tampered with: nothing was imported.
            logger.info("an import was not confirmed: %s", error)
            messages.error(request, _("预览已经过期，什么都没有导入。请重新上传一次。"))
            return HttpResponseRedirect(self._page("import"))

    def process_result(self, result, request: HttpRequest):
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, _("数据刚刚有变化，什么都没有导入。请重新上传，看看预览。"))
            return HttpResponseRedirect(self._page("import"))
        return super().process_result(result, request)

    def add_success_message(self, result, request: HttpRequest) -> None:
        totals = result.totals
        messages.success(
            request,
            _("导入完成：新增 %(new)d，更新 %(updated)d，不变 %(same)d。")
            % {
                "new": totals[RowResult.IMPORT_TYPE_NEW],
                "updated": totals[RowResult.IMPORT_TYPE_UPDATE],
                "same": totals[RowResult.IMPORT_TYPE_SKIP],
            },
        )

    def get_export_data(self, file_format, request, queryset, **kwargs) -> bytes:
        if not self.has_export_permission(request):
            raise PermissionDenied
        kwargs.pop("encoding", None)
        # Native types in both formats; the writers escape formulas (CSV injection).
        dataset = self.get_data_for_export(request, queryset, force_native_type=True, **kwargs)
        # Who may not have numbers in full has fewer to choose from, so that the choice counts among theirs.
        chosen = self.get_export_resource_classes(request)[self.get_resource_index(kwargs.get("export_form"))]
        self._log_export(request, len(dataset), chosen.get_display_name())
        return file_format.export_data(dataset)

    def get_export_filename(self, request, queryset, file_format) -> str:
        return f"{self.opts.model_name}.{file_format.get_extension()}"

    def _log_export(self, request: HttpRequest, rows: int, what: str) -> None:
        said = _("导出 %(rows)d 行：%(what)s") % {"rows": rows, "what": what}
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=str(self.opts.verbose_name)[:200],
            action_flag=CHANGE,
            change_message=said,
        )

    def _page(self, name: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}")
