"""What the lists of the admin answer: nothing but what they show, and what is named as a filter.

Django filters by any column that stands in the address (`?link__regex=^A`), which tells a hidden one in a few dozen
requests; and an ordinary search finds what the list masks.
"""

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.forms import CheckboxInput
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as words_of_django

from portal.ui import names, words


class NamedFilters(ChangeList):
    """Takes the parameters of `list_filter` and of the date hierarchy, and refuses all others (400)."""

    def get_filters(self, request: HttpRequest):
        asked = self.get_filters_params().keys()
        found = super().get_filters(request)
        left = found[2]  # parameters that no filter took, which the library would hand on to the database
        parts = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        if unnamed := asked & left.keys() - parts:
            raise DisallowedModelAdminLookup(f"not in list_filter: {', '.join(sorted(unnamed))}")
        return found


class ListedOnly:
    """Mixin for every ModelAdmin: its list, its exports and its popups answer by NamedFilters."""

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return NamedFilters

    def label_of_choice(self, row: Model) -> str:
        """What a list that offers the row calls it: a field that points at it, a box to tick."""
        return str(row)

    def action_checkbox(self, obj: Model) -> SafeString:
        """The library's has the row's own text as its label for screen readers."""
        label = format_html(words_of_django("Select this object for an action - {}"), self.label_of_choice(obj))
        box = CheckboxInput({"class": "action-select", "aria-label": label}, lambda value: False)
        return box.render(ACTION_CHECKBOX_NAME, str(obj.pk))


class Choices(AutocompleteJsonView):
    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        return found | {"text": self.model_admin.label_of_choice(obj)}


admin.site.autocomplete_view = lambda request: Choices.as_view(admin_site=admin.site)(request)  # type: ignore[method-assign]


class PeopleSearch(ListedOnly):
    """Mixin for a ModelAdmin: searches by name however it is spelled, and by the last digits of a number.

    The library looks for each word by itself, which would take 138 0000 5678 apart, and Anna Müller where her name is
    compared with what its mask shows (portal.ui.seen).
    """

    def get_search_results(self, request, queryset, search_term):
        search_term = words.digits(search_term) or names.clean(search_term)
        if any(path.endswith("__name_seen") for path in self.get_search_fields(request)):
            search_term = names.key(search_term).replace('"', "")
        return super().get_search_results(request, queryset, search_term)
