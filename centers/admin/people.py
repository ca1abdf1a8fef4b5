from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from import_export.forms import ConfirmImportForm

from centers.admin.base import (
    BoundedAdmin,
    NoDelete,
    ReadOnly,
    SuperuserWrites,
    TownshipFilter,
    TypedAdmin,
    hidden_name,
    hidden_phone,
)
from centers.admin.sheets import SheetAdmin
from centers.importing.members import StaffResource
from centers.importing.residents import MaskedResidentResource, ResidentResource
from centers.models import (
    Consent,
    CorrectedResident,
    Erasure,
    FamilyLink,
    GroupTag,
    JoinedResident,
    Membership,
    Resident,
)
from centers.people import residents
from centers.services import members
from portal.accounts.viewing import AccessLogged
from portal.ui.errors import RuleBroken
from portal.ui.words import masked_name, masked_phone


class GrantForm(ConfirmImportForm):
    """A role opens other people's data: who gets one is read name by name."""

    checked = forms.BooleanField(label=_("下面每一位我都按姓名核对过：号码是本人的，角色也对"))


@admin.register(Membership)
class MembershipAdmin(SheetAdmin, NoDelete, BoundedAdmin):
    resource_classes = [StaffResource]
    confirm_form_class = GrantForm
    list_display = ("user", "division", "role", "title", "granted_at", "revoked_at")
    ordering = ("-pk",)
    list_filter = ("role", ("revoked_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("user", "division")
    search_fields = ("user__name", "user__username", "division__name", "division__code__startswith")
    autocomplete_fields = ("user", "division")
    fields = ("user", "division", "role", "title", "granted_at", "revoked_at")
    readonly_fields = ("granted_at", "revoked_at")
    actions = ("revoke",)

    def get_readonly_fields(self, request, obj=None):
        # Changing a role would falsify the history of permissions: revoke it and grant another.
        return (*self.readonly_fields, "user", "division", "role") if obj else self.readonly_fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)

        class Granting(form):
            def clean(self):
                cleaned = super().clean()
                if obj is None and cleaned.get("role") and cleaned.get("division"):
                    try:
                        members.check_may_grant(by=request.user, role=cleaned["role"], division=cleaned["division"])
                    except RuleBroken as refusal:
                        refusal.add_to(self)
                return cleaned

        return Granting

    def process_import(self, request, **kwargs):
        if "import_file_name" in request.POST and "checked" not in request.POST:
            messages.error(request, _("没有打勾，什么都没有导入。请重新上传，按姓名核对以后打勾。"))
            return HttpResponseRedirect(self._page("import"))
        return super().process_import(request, **kwargs)

    @admin.action(description=_("收回所选的角色"), permissions=["change"])
    def revoke(self, request, queryset) -> None:
        for membership in queryset.select_related("division"):
            try:
                members.revoke(membership=membership, by=request.user)
            except RuleBroken as refusal:
                messages.error(request, str(refusal))
                return
        messages.success(request, _("已收回。他们下一次点击就会被拒绝。"))


@admin.register(Resident)
class ResidentAdmin(SheetAdmin, AccessLogged, BoundedAdmin):
    resource_classes = [ResidentResource, MaskedResidentResource]
    list_display = ("hidden_name", "hidden_phone", "division", "villager_group", "remark")
    list_filter = ("groups", TownshipFilter)
    ordering = ("-pk",)
    list_select_related = ("division",)
    search_fields = ("name_key__name_seen", "phone__number_seen")
    search_help_text = _("姓名，或电话最后四位")
    autocomplete_fields = ("division",)
    filter_horizontal = ("groups",)
    hidden_name, hidden_phone = hidden_name(), hidden_phone()

    def label_of_choice(self, row: Resident) -> str:
        return " ".join(filter(None, [masked_name(row.name), masked_phone(row.phone), row.told_apart_by]))

    def get_export_resource_classes(self, request) -> list:
        return self.resource_classes if request.user.is_superuser else [MaskedResidentResource]


@admin.register(JoinedResident)
class JoinedResidentAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    """What came from where, so that it can be undone: the former number and the rows that came along."""

    code_path = "kept__division__code"
    list_display = ("former_pk", "hidden_name", "hidden_phone", "kept_pk", "at", "by")
    list_filter = (TownshipFilter,)
    list_select_related = ("by",)
    search_fields = ("name__name_seen", "phone__number_seen")
    hidden_name, hidden_phone = hidden_name(), hidden_phone()

    @admin.display(description=_("并到的编号"))
    def kept_pk(self, row) -> int:
        return row.kept_id


@admin.register(CorrectedResident)
class CorrectedResidentAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    """What staff put right: the values before and after."""

    code_path = "resident__division__code"
    list_display = ("hidden_name", "at", "by", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("by", "resident")
    search_fields = ("resident__name_key__name_seen",)
    hidden_name = hidden_name("resident__name")


@admin.register(Erasure)
class ErasureAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    """Who asked for their name to be erased, and whether it is."""

    code_path = "resident__division__code"
    list_display = ("resident_id", "asked_at", "erased_at")
    list_filter = (("erased_at", admin.EmptyFieldListFilter), TownshipFilter)


@admin.register(Consent)
class ConsentAdmin(ReadOnly, TypedAdmin):
    """What accounts have answered, each answer with its version and its time; for superusers, as accounts are."""

    list_display = ("user_id", "purpose", "version", "agrees", "at", "ended_at")
    list_filter = ("purpose", "agrees", ("ended_at", admin.EmptyFieldListFilter))
    ordering = ("-pk",)

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_active and request.user.is_superuser


@admin.register(FamilyLink)
class FamilyLinkAdmin(AccessLogged, NoDelete, BoundedAdmin):
    code_path = "resident__division__code"
    list_display = ("user", "relation", "hidden_name", "agreed_at", "ended_at")
    list_filter = ("relation", ("ended_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("user", "resident")
    search_fields = ("user__name", "resident__name_key__name_seen")
    autocomplete_fields = ("user", "resident")
    readonly_fields = ("agreed_at", "agreed_with", "ended_at", "ended_by")
    actions = ("end",)
    hidden_name = hidden_name("resident__name")

    def label_of_choice(self, row: FamilyLink) -> str:
        return f"{row.user} → {masked_name(row.resident.name)}"

    @admin.action(description=_("结束所选的家人关系"), permissions=["change"])
    def end(self, request, queryset) -> None:
        for link in queryset:
            residents.end_family_link(link=link, by=request.user)


@admin.register(GroupTag)
class GroupTagAdmin(SuperuserWrites, TypedAdmin):
    list_display = ("name", "code")
    search_fields = ("name",)
