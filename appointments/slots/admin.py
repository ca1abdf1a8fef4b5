"""Slots, places, holds and item agents in the admin, read-only: slots are generated from the opening rules."""

from django.contrib import admin

from appointments.slots.models import Hold, ItemAgent, Place, Slot, SlotGap
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter
from portal.accounts.viewing import AccessLogged


@admin.register(Slot)
class SlotAdmin(ReadOnly, BoundedAdmin):
    """Generated from opening rules, the calendar and closures."""

    code_path = "center__division__code"
    list_display = (
        "starts_at",
        "center",
        "online_taken",
        "online_places",
        "desk_taken",
        "desk_places",
        "closed_at",
    )
    list_filter = (("closed_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center",)
    search_fields = ("center__name",)
    date_hierarchy = "starts_at"
    show_full_result_count = False


@admin.register(Place)
class PlaceAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    code_path = "slot__center__division__code"
    list_display = ("slot", "appointment", "pool", "size", "released_at")
    list_filter = ("pool", ("released_at", admin.EmptyFieldListFilter))
    list_select_related = ("slot", "appointment__item")
    search_fields = ("=appointment__code",)
    show_full_result_count = False


@admin.register(Hold)
class HoldAdmin(ReadOnly, BoundedAdmin):
    code_path = "slot__center__division__code"
    list_display = ("slot", "pool", "size", "entry", "made_at", "until", "ended_at")
    list_filter = ("pool", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("slot", "entry__item")
    show_full_result_count = False


@admin.register(ItemAgent)
class ItemAgentAdmin(ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("item_code", "staff", "is_backup", "center", "since", "ended_at")
    list_filter = ("is_backup", ("ended_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("staff", "center")
    search_fields = ("item_code", "staff__name", "center__name")


@admin.register(SlotGap)
class SlotGapAdmin(ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("slot", "item_code")
    list_filter = (TownshipFilter,)
    list_select_related = ("slot",)
    search_fields = ("item_code", "center__name")
