"""The days of centers in the admin, read-only: they follow hours, calendar, closures and duty."""

from django.contrib import admin

from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter
from centers.models import CenterDay


@admin.register(CenterDay)
class CenterDayAdmin(ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("date", "center", "reason", "note", "is_rostered", "awaits_notice", "version", "is_stale")
    list_filter = ("reason", "awaits_notice", "is_stale", TownshipFilter)
    list_select_related = ("center",)
    search_fields = ("center__name", "center__division__code__startswith")
    date_hierarchy = "date"
    show_full_result_count = False
