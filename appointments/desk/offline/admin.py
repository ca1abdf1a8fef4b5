"""Offline marks in the admin: read here."""

from django.contrib import admin

from appointments.desk.offline.models import OfflineMark
from centers.admin.base import AccessLogged, BoundedAdmin, ReadOnly, TownshipFilter


@admin.register(OfflineMark)
class OfflineMarkAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    """What came in from devices that had no line, whatever became of it."""

    code_path = "center__division__code"
    list_display = ("made_at", "center", "kind", "outcome", "by", "received_at", "settled_at")
    list_filter = ("kind", "outcome", ("settled_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center", "by")
    search_fields = ("appointment__code",)
    date_hierarchy = "made_at"
    exclude = ("key",)
    show_full_result_count = False
