"""Cases in the admin, read-only; they are handled at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from appointments.cases.models import Case, CaseMaterial, CasePause, CaseStage, CaseState, CaseStep, CaseTransfer
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter, hidden_name, hidden_phone
from portal.accounts.viewing import AccessLogged


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("状态")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return CaseState.choices

    def queryset(self, request, queryset):
        return queryset.in_state(CaseState(self.value())) if self.value() in CaseState.values else queryset


@admin.register(Case)
class CaseAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("opened_at", "center", "item", "hidden_name", "hidden_phone", "owner", "promised_on", "outcome")
    list_filter = (StateFilter, "outcome", TownshipFilter)
    list_select_related = ("center", "item", "resident", "owner")
    search_fields = ("=code", "resident__name_key__name_seen", "phone__number_seen")
    search_help_text = gettext_lazy("办件码、姓名，或电话最后四位")
    date_hierarchy = "opened_at"
    exclude = ("link", "key")
    hidden_name, hidden_phone = hidden_name("resident__name"), hidden_phone()


class OfACase(ReadOnly, BoundedAdmin):
    code_path = "case__center__division__code"
    list_select_related = ("case__item",)
    search_fields = ("=case__code",)
    show_full_result_count = False


@admin.register(CaseMaterial)
class CaseMaterialAdmin(OfACase):
    list_display = ("case", "name", "there_at", "may_follow")


@admin.register(CaseStage)
class CaseStageAdmin(OfACase):
    list_display = ("case", "number", "level", "office", "owner", "started_at", "limit_on", "ended_at", "outcome")
    list_filter = ("level", "outcome", TownshipFilter)
    list_select_related = ("case__item", "owner")


@admin.register(CasePause)
class CasePauseAdmin(OfACase):
    code_path = "stage__case__center__division__code"
    list_display = ("stage", "reason", "evidence", "started_at", "started_by", "ended_at")
    list_filter = ("reason",)
    list_select_related = ("stage", "started_by")
    search_fields = ("=stage__case__code",)


@admin.register(CaseTransfer)
class CaseTransferAdmin(OfACase):
    list_display = ("case", "kind", "from_user", "to_user", "reason", "at")
    list_filter = ("kind",)
    list_select_related = ("case__item", "from_user", "to_user")


@admin.register(CaseStep)
class CaseStepAdmin(OfACase):
    list_display = ("at", "case", "kind", "level", "by", "note")
    list_filter = ("kind", "level")
    list_select_related = ("case__item", "by")
