from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from centers.admin.base import BoundedAdmin, ReadOnly, SuperuserWrites, TownshipFilter, TypedAdmin
from centers.models import CalendarDay, HolidayNotice, MarketDay, MarketRule, RuleChange
from centers.services import calendar


@admin.register(CalendarDay)
class CalendarDayAdmin(SuperuserWrites, TypedAdmin):
    """Filled from the published schedule. Editing a day clears `is_pending`, so that it is never overwritten.

    For a whole year its notice is typed in (centers.holidays), to which the list has a link.
    """

    list_display = ("date", "kind", "name", "is_pending")
    list_filter = ("kind", "is_pending")
    date_hierarchy = "date"
    search_fields = ("name",)
    fields = ("date", "kind", "name")
    ordering = ("date",)

    def get_readonly_fields(self, request, obj=None):
        return ("date",) if obj else ()

    def save_model(self, request, obj, form, change) -> None:
        obj.is_pending = False
        super().save_model(request, obj, form, change)
        calendar.follow([obj.date])

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        calendar.follow([obj.date])

    def delete_queryset(self, request, queryset) -> None:
        days = list(queryset.values_list("date", flat=True))
        super().delete_queryset(request, queryset)
        calendar.follow(days)


@admin.register(HolidayNotice)
class HolidayNoticeAdmin(ReadOnly, TypedAdmin):
    list_display = ("year", "way", "entered_by", "entered_at", "undone_by", "undone_at")
    list_filter = ("year",)
    list_select_related = ("entered_by", "undone_by")
    fields = ("year", "way", "text", "entered_by", "entered_at", "undone_by", "undone_at")


@admin.register(RuleChange)
class RuleChangeAdmin(ReadOnly, TypedAdmin):
    """Append-only: changed on the page 规则 (centers.rules)."""

    list_display = ("name", "division", "number", "value", "valid_from", "set_by", "set_at")
    list_filter = ("name",)
    list_select_related = ("division", "set_by")
    fields = ("name", "division", "number", "value", "valid_from", "reason", "undoes", "set_by", "set_at")


@admin.register(MarketRule)
class MarketRuleAdmin(BoundedAdmin):
    list_display = ("division", "calendar", "digits")
    list_filter = ("calendar", TownshipFilter)
    list_select_related = ("division",)
    search_fields = ("division__name", "division__code__startswith")
    autocomplete_fields = ("division",)

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        new = calendar.precompute_market_days([obj])
        messages.info(request, _("排出了以后一年多的赶集日，新增 %(new)d 天。") % {"new": new})


@admin.register(MarketDay)
class MarketDayAdmin(ReadOnly, BoundedAdmin):
    code_path = "rule__division__code"
    list_display = ("date", "rule", "place")
    list_filter = (TownshipFilter,)
    list_select_related = ("rule__division",)
    date_hierarchy = "date"
    search_fields = ("rule__division__name",)

    @admin.display(description=_("区划"), ordering="rule__division__code")
    def place(self, day: MarketDay) -> str:
        return day.rule.division.name
