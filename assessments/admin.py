from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessments.models import Rating
from centers.access import bounded_for_admin
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter


@admin.register(Rating)
class RatingAdmin(ReadOnly, BoundedAdmin):
    """Ratings, read-only."""

    code_path = "code"
    list_display = ("rated_at", "center", "item", "level", "comment", "via")
    list_filter = ("level", "via", TownshipFilter)
    list_select_related = ("appointment__center", "appointment__item", "case__center", "case__item")
    search_fields = ("comment", "appointment__center__name", "case__center__name")
    ordering = ("-rated_at", "-pk")
    date_hierarchy = "rated_at"
    raw_id_fields = ("appointment", "case")

    def get_queryset(self, request):
        return bounded_for_admin(Rating.objects.with_code().order_by(*self.ordering), self.code_path, request.user)

    @admin.display(description=_("中心"), ordering="code")
    def center(self, rating: Rating) -> str:
        return rating.center.name

    @admin.display(description=_("事项"))
    def item(self, rating: Rating) -> str:
        return str(rating.item)
