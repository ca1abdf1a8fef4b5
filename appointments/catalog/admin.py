"""The service catalog in the admin."""

from django.contrib import admin

from appointments.catalog import services as catalog
from appointments.catalog.models import ServiceItem
from centers.admin.base import BoundedAdmin, NoDelete


@admin.register(ServiceItem)
class ServiceItemAdmin(NoDelete, BoundedAdmin):
    """A change makes the next version; bookings keep the one that they were made under."""

    list_display = ("everyday_name", "name", "category", "division", "version", "valid_from", "valid_to")
    list_filter = ("category", ("valid_to", admin.EmptyFieldListFilter), "handling_mode")
    list_select_related = ("division",)
    search_fields = ("name", "everyday_name", "keywords", "code")
    autocomplete_fields = ("division",)
    exclude = ("changed_by", "version", "valid_from", "valid_to")

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
