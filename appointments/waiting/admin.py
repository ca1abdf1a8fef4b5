"""The waiting list in the admin, read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from appointments.waiting.models import WaitingEntry
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter, hidden_name, hidden_phone
from portal.accounts.viewing import AccessLogged


@admin.register(WaitingEntry)
class WaitingEntryAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("joined_at", "center", "slot", "item", "hidden_name", "hidden_phone", "offered_at", "outcome")
    list_filter = ("outcome", TownshipFilter)
    list_select_related = ("center", "slot", "item", "resident")
    search_fields = ("=code", "resident__name_key__name_seen", "phone__number_seen")
    search_help_text = gettext_lazy("候补码、姓名，或电话最后四位")
    date_hierarchy = "joined_at"
    exclude = ("link", "key")
    hidden_name, hidden_phone = hidden_name("resident__name"), hidden_phone()
