from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.admin.asking import AsksFirst
from centers.admin.base import BoundedAdmin, NoDelete, ReadOnly, SuperuserWrites, TownshipFilter, TypedAdmin
from centers.admin.division_list import DivisionListMixin
from centers.admin.sheets import SheetAdmin
from centers.days.following import together
from centers.importing.resources import CenterResource, RoomResource
from centers.models import Center, Division, FormerCode, OpeningRule, Room, RoomFunction
from centers.services import succession
from centers.services.giving_way import give_way
from portal.ui.errors import RuleBroken


@admin.register(Division)
class DivisionAdmin(DivisionListMixin, NoDelete, BoundedAdmin):
    """Imported as a list, here or by `import_divisions`; single rows for corrections only."""

    code_path = "code"
    list_display = ("code", "name", "level", "valid_from", "valid_to")
    list_filter = ("level", ("valid_to", admin.EmptyFieldListFilter))
    search_fields = ("code__startswith", "name", "pinyin__startswith", "initials__startswith")
    search_help_text = _("区划代码、名称、全拼或首字母")
    show_full_result_count = False  # avoids a COUNT(*) over 600,000 rows on each page

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)

        class Dated(form):
            def clean(self):
                cleaned = super().clean()
                for name in ("valid_from", "valid_to"):
                    if name in self.changed_data and cleaned.get(name):
                        try:
                            succession.check_day(cleaned[name])
                        except RuleBroken as refusal:
                            self.add_error(name, str(refusal))
                if obj is not None and "code" in self.changed_data and cleaned.get("valid_to"):
                    said = _("停用的区划不换代码。要换代码又要停用，请先换代码存好，再填停用日期。")
                    self.add_error("valid_to", said)
                return cleaned

        return Dated

    def save_model(self, request, obj, form, change) -> None:
        if "code" in form.changed_data and change:
            before = Division.objects.get(pk=obj.pk)
            named = succession.Named(obj.code, obj.name, obj.pinyin, obj.initials)
            succession.recode([(before, named)], on=timezone.localdate(), by=request.user)
            obj.valid_from = before.valid_from
        super().save_model(request, obj, form, change)
        give_way(on=timezone.localdate(), by=request.user)


class FormerCodeInline(ReadOnly, admin.TabularInline):
    model = FormerCode
    extra = 0


class OpeningRuleInline(admin.TabularInline):
    model = OpeningRule
    extra = 0


class RoomInline(admin.TabularInline):
    model = Room
    extra = 0
    fields = ("name", "seats", "area", "is_public")
    show_change_link = True
    can_delete = False


@admin.register(Center)
class CenterAdmin(AsksFirst, SheetAdmin, NoDelete, BoundedAdmin):
    resource_classes = [CenterResource]
    list_display = ("name", "division", "phone", "resident_population", "is_active")
    list_filter = ("is_active", TownshipFilter)
    list_select_related = ("division",)
    search_fields = ("name", "division__name", "division__code__startswith", "division__initials__startswith")
    search_help_text = _("中心或村名、首字母、区划代码")
    autocomplete_fields = ("division",)
    inlines = (OpeningRuleInline, RoomInline, FormerCodeInline)
    readonly_fields = ("leads_to",)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)

        class Rehoming(form):
            def clean(self):
                cleaned = super().clean()
                if obj is not None and "division" in self.changed_data and (division := cleaned.get("division")):
                    before = Center.objects.select_related("division").get(pk=obj.pk)
                    try:
                        succession.check_rehoming(center=before, division=division, by=request.user)
                    except RuleBroken as refusal:
                        refusal.add_to(self)
                return cleaned

        return Rehoming

    def save_model(self, request, obj, form, change) -> None:
        if change and "division" in form.changed_data:
            before = Center.objects.select_related("division").get(pk=obj.pk)
            succession.rehome(center=before, division=obj.division, by=request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change) -> None:
        with together():
            super().save_related(request, form, formsets, change)


@admin.register(Room)
class RoomAdmin(SheetAdmin, BoundedAdmin):
    resource_classes = [RoomResource]
    code_path = "center__division__code"
    list_display = ("name", "center", "seats", "area", "is_public")
    list_filter = ("is_public", "functions", TownshipFilter)
    list_select_related = ("center",)
    search_fields = ("name", "center__name")
    autocomplete_fields = ("center",)
    filter_horizontal = ("functions",)


@admin.register(OpeningRule)
class OpeningRuleAdmin(AsksFirst, BoundedAdmin):
    code_path = "center__division__code"
    list_display = (
        "center",
        "weekday",
        "opens",
        "closes",
        "season_start",
        "season_end",
        "online_places",
        "desk_places",
        "walk_in_places",
    )
    list_filter = ("weekday", TownshipFilter)
    list_select_related = ("center",)
    search_fields = ("center__name",)
    autocomplete_fields = ("center",)

    def delete_queryset(self, request, queryset) -> None:
        with together():
            super().delete_queryset(request, queryset)


@admin.register(RoomFunction)
class RoomFunctionAdmin(SuperuserWrites, TypedAdmin):
    list_display = ("name", "code", "is_mandatory_use")
    search_fields = ("name",)
