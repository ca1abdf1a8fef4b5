"""Offline marks in the admin, read-only."""

from django.contrib import admin

from appointments.desk.offline.models import OfflineMark
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter
from portal.accounts.viewing import AccessLogged


@admin.register(OfflineMark)
class OfflineMarkAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    """All marks synced from offline devices, whatever their outcome."""

    code_path = "center__division__code"
    list_display = ("made_at", "center", "kind", "outcome", "by", "received_at", "settled_at")
    list_filter = ("kind", "outcome", ("settled_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center", "by")
    search_fields = ("=appointment__code",)
    date_hierarchy = "made_at"
    exclude = ("key",)
    show_full_result_count = False
