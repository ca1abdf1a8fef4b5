"""Who brought which sheet in, and when; their rows are on the uploader's own pages only."""

from django.contrib import admin

from centers.admin.base import NoDelete, ReadOnly, TypedAdmin
from centers.models import SheetUpload


@admin.register(SheetUpload)
class SheetUploadAdmin(ReadOnly, NoDelete, TypedAdmin):
    list_display = ("kind", "by", "at", "rows", "written_at", "undone_at")
    list_filter = ("kind",)
    list_select_related = ("by",)
    ordering = ("-pk",)
    fields = ("kind", "by", "at", "rows", "confirmed_at", "written_at", "undo_asked_at", "undone_at")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.of(request.user)
