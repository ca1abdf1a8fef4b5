"""Searching in the admin as on our own pages: by name however it is spelled, and by the last digits of a number."""

from portal.ui import names, words


class PeopleSearch:
    """Mixin for a ModelAdmin. The library looks for each word by itself, which would take 138 0000 5678 apart."""

    def get_search_results(self, request, queryset, search_term):
        search_term = words.digits(search_term) or names.clean(search_term)
        return super().get_search_results(request, queryset, search_term)
