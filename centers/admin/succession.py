from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.admin.base import BoundedAdmin, NoDelete
from centers.models import Succession
from centers.services import succession
from portal.ui.errors import RuleBroken


@admin.register(Succession)
class SuccessionAdmin(NoDelete, BoundedAdmin):
    """Written by the import of a list, and here by hand. Everything goes along with it, so that it is not changed."""

    code_path = "new__code"
    list_display = ("old_code", "old", "new_code", "new", "kind", "goes_on", "on", "decided_by")
    list_filter = ("kind", "goes_on")
    list_select_related = ("old", "new", "decided_by")
    search_fields = ("old__code__startswith", "old__name", "new__code__startswith", "new__name")
    autocomplete_fields = ("old", "new")
    fields = ("old", "new", "goes_on", "on")

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_changeform_initial_data(self, request) -> dict:
        return {"on": timezone.localdate()} | super().get_changeform_initial_data(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)

        class Succeeding(form):
            def clean(self):
                cleaned = super().clean()
                if cleaned.get("old") and cleaned.get("new"):
                    given = {name: cleaned[name] for name in ("old", "new", "goes_on")}
                    try:
                        succession.check_succeeding(**given, by=request.user)
                    except RuleBroken as refusal:
                        refusal.add_to(self)
                return cleaned

        return Succeeding

    def save_model(self, request, obj, form, change) -> None:
        made = succession.succeed(old=obj.old, new=obj.new, goes_on=obj.goes_on, on=obj.on, by=request.user)
        obj.pk, obj.kind = made.pk, made.kind

    @admin.display(description=_("原来的代码"), ordering="old__code")
    def old_code(self, row) -> str:
        return row.old.code

    @admin.display(description=_("后来的代码"), ordering="new__code")
    def new_code(self, row) -> str:
        return row.new.code
