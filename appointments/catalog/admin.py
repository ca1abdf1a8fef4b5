"""The service catalog in the admin."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.catalog import services as catalog
from appointments.catalog.models import CONTENT, ItemDraft, ItemOptOut, ServiceItem
from centers.admin.asking import AsksFirst
from centers.admin.base import BoundedAdmin, NoDelete
from portal.ui.responses import told


class MaterialsField(forms.JSONField):
    """A list of texts. Left empty, or null, it is an empty one: the column holds no NULL."""

    def to_python(self, value):
        listed = super().to_python(value)
        if listed is None:
            return []
        if not (isinstance(listed, list) and all(isinstance(one, str) for one in listed)):
            raise ValidationError(_('请写成 ["身份证", "户口簿"] 这样；什么都不用带，就空着。'), code="invalid")
        return listed


@admin.register(ServiceItem)
class ServiceItemAdmin(AsksFirst, NoDelete, BoundedAdmin):
    """Saving creates a new version; bookings keep the version that they were made with."""

    list_display = ("everyday_name", "name", "category", "division", "version", "valid_from", "valid_to")
    list_filter = ("category", ("valid_to", admin.EmptyFieldListFilter), "handling_mode")
    list_select_related = ("division",)
    search_fields = ("name", "everyday_name", "keywords", "code")
    autocomplete_fields = ("division",)
    formfield_overrides = BoundedAdmin.formfield_overrides | {models.JSONField: {"form_class": MaterialsField}}
    actions = ("end", "resume")
    fields = ("division", "code", *CONTENT)

    @admin.action(description=_("停办所选的事项"), permissions=["change"])
    def end(self, request, queryset) -> None:
        for item in queryset.current():
            said = _("“%(item)s”不再办理。约了的人会收到消息，也在工作台的“要安置的”里。")
            with told(request, said % {"item": item}):
                catalog.end(item=item, by=request.user)

    @admin.action(description=_("恢复办理所选的事项"), permissions=["change"])
    def resume(self, request, queryset) -> None:
        for item in queryset:
            offered = ServiceItem.objects.current().filter(division=item.division_id, code=item.code).exists()
            catalog.resume(item=item, by=request.user)
            said = _("“%(item)s”没有停办。") if offered else _("“%(item)s”又能约了。停办时告诉过的人会收到消息。")
            messages.success(request, said % {"item": item})

    def get_readonly_fields(self, request, obj=None):
        return ("division", "code") if obj else ()

    def has_change_permission(self, request, obj=None) -> bool:
        is_old = obj is not None and obj.valid_to is not None
        return not is_old and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change) -> None:
        fields = {name: form.cleaned_data[name] for name in form.cleaned_data}
        if not change:
            made = catalog.create(by=request.user, **fields)
        elif form.changed_data:
            made = catalog.revise(item=ServiceItem.objects.get(pk=obj.pk), by=request.user, **fields)
        else:
            return
        obj.pk, obj.version = made.pk, made.version


@admin.register(ItemDraft)
class ItemDraftAdmin(NoDelete, BoundedAdmin):
    """To look at: the county's pages write drafts."""

    list_display = ("everyday_name", "division", "base_version", "starts_on", "changed_by", "changed_at")
    list_select_related = ("division", "changed_by")
    search_fields = ("name", "everyday_name", "code")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(ItemOptOut)
class ItemOptOutAdmin(NoDelete, BoundedAdmin):
    """To look at: whose center it is switches items off and on."""

    list_display = ("code", "division", "since", "by", "ended_at", "ended_by")
    list_select_related = ("division", "by", "ended_by")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("code",)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False
