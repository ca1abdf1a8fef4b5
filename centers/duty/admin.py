"""Duty in the admin: staff can be edited, history is read-only."""

from django.contrib import admin

from centers.admin.asking import AsksFirst
from centers.admin.base import BoundedAdmin, NoDelete, ReadOnly, TownshipFilter, hidden_phone
from centers.duty import people
from centers.models import DutyShift, Leave, PresenceReport, Roster, ShiftSwap, Staff
from portal.accounts.viewing import AccessLogged


@admin.register(Staff)
class StaffAdmin(AccessLogged, AsksFirst, NoDelete, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("name", "title", "center", "post_type", "hidden_phone", "left_on")
    list_filter = ("post_type", ("left_on", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center",)
    search_fields = ("name", "center__name", "center__division__code__startswith")
    autocomplete_fields = ("center", "user")
    hidden_phone = hidden_phone()

    def save_model(self, request, obj, form, change) -> None:
        people.save(person=obj, by=request.user)


@admin.register(Roster)
class RosterAdmin(ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("center", "month", "revision", "published_at")
    list_filter = (("published_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center",)
    date_hierarchy = "month"
    search_fields = ("center__name",)


@admin.register(DutyShift)
class DutyShiftAdmin(ReadOnly, BoundedAdmin):
    code_path = "roster__center__division__code"
    list_display = ("date", "part", "kind", "position", "staff", "roster", "removed_in")
    list_filter = ("kind", "position", ("removed_in", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("staff", "roster__center")
    date_hierarchy = "date"
    search_fields = ("staff__name",)


@admin.register(Leave)
class LeaveAdmin(ReadOnly, BoundedAdmin):
    code_path = "staff__center__division__code"
    list_display = ("staff", "first_date", "last_date", "half_days", "agreed_at", "refused_at", "withdrawn_at")
    list_filter = (("agreed_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("staff",)
    date_hierarchy = "first_date"
    search_fields = ("staff__name",)


@admin.register(ShiftSwap)
class ShiftSwapAdmin(ReadOnly, BoundedAdmin):
    code_path = "shift__roster__center__division__code"
    list_display = ("shift", "taker", "asked_at", "agreed_at", "refused_at", "withdrawn_at")
    list_filter = (("agreed_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("shift", "taker")
    date_hierarchy = "asked_at"
    search_fields = ("taker__name", "shift__staff__name")


@admin.register(PresenceReport)
class PresenceReportAdmin(ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("center", "at", "found_somebody", "is_upheld", "checked_by")
    list_filter = ("found_somebody", "is_upheld", TownshipFilter)
    list_select_related = ("center", "checked_by")
    date_hierarchy = "at"
    search_fields = ("center__name",)
