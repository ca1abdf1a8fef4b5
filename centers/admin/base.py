"""Base classes of the admin: rows limited to the user's divisions, soft deletion, masked phone numbers in lists."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import F
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.access import bounded_for_admin
from centers.models import Division
from portal.ui.forms import DayField, TakesKeptText
from portal.ui.searching import ListedOnly, PeopleSearch
from portal.ui.words import masked_name, masked_phone


class MomentField(forms.SplitDateTimeField):
    """Date and time of day, the date typed in any of the usual ways."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields = (DayField(error_messages={"invalid": self.error_messages["invalid_date"]}), self.fields[1])


class KeptForm(TakesKeptText, forms.ModelForm):
    """Of the admin's pages."""


class TypedAdmin(ListedOnly, admin.ModelAdmin):
    """Takes dates as they are typed, and shows a form again after a sign-in as it was."""

    form = KeptForm
    formfield_overrides = {
        models.DateField: {"form_class": DayField},
        models.DateTimeField: {"form_class": MomentField},
    }


class BoundedAdmin(PeopleSearch, TypedAdmin):
    """Limits rows and foreign key choices to the user's divisions; `code_path` is the lookup of the division code."""

    code_path = "division__code"
    list_per_page = 50

    def get_queryset(self, request):
        return bounded_for_admin(super().get_queryset(request), self.code_path, request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        pages = self.admin_site._registry.get(db_field.related_model)
        if pages is None:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        kwargs.setdefault("queryset", pages.get_queryset(request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.label_from_instance = pages.label_of_choice
        return field


class NoDelete:
    """No hard deletion: rows are referenced or are history; they get an end date or are deactivated instead."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ReadOnly(NoDelete):
    """History, written by services only."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class SuperuserWrites:
    """Presets shared by all divisions: only superusers may change them."""

    def has_add_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_change_permission(self, request, obj=None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_add_permission(request)


class TownshipFilter(admin.SimpleListFilter):
    """Filter by township; offers those that occur in the list and that the user may see."""

    title = _("乡镇（街道）")
    parameter_name = "township"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        self.path = model_admin.code_path
        heads = bounded_for_admin(model_admin.get_queryset(request), self.path, request.user)
        # Without the model's ordering, whose columns would make DISTINCT keep every row.
        found = heads.order_by().annotate(head=Substr(F(self.path), 1, 9)).values_list("head", flat=True).distinct()
        townships = Division.objects.current().filter(code__in=[head.ljust(12, "0") for head in found[:500]])
        return [(one.code, one.name) for one in townships.filter(level=Division.Level.TOWNSHIP)]

    def queryset(self, request, queryset):
        code = self.value()
        if not code or not codes.is_code(code):
            return queryset
        return queryset.filter(**{f"{self.path}__range": codes.span(code)})


def hidden_phone(path: str = "phone"):
    """A masked list column: 138****5678."""

    @admin.display(description=_("电话"))
    def column(self, row) -> str:
        return masked_phone(_follow(row, path))

    return column


def hidden_name(path: str = "name"):
    """A masked list column: 王*兰."""

    @admin.display(description=_("姓名"))
    def column(self, row) -> str:
        return masked_name(_follow(row, path))

    return column


def _follow(row, path: str) -> str:
    for step in path.split("__"):
        row = getattr(row, step) if row is not None else None
    return row or ""
