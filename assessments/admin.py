from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessments.models import Rating
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter


@admin.register(Rating)
class RatingAdmin(ReadOnly, BoundedAdmin):
    """Nobody changes what somebody said about a visit."""

    code_path = "appointment__center__division__code"
    list_display = ("rated_at", "center", "item", "level", "comment", "via")
    list_filter = ("level", "via", TownshipFilter)
    list_select_related = ("appointment__center", "appointment__item")
    search_fields = ("comment", "appointment__center__name")
    date_hierarchy = "rated_at"
    raw_id_fields = ("appointment",)

    @admin.display(description=_("中心"), ordering="appointment__center__name")
    def center(self, rating: Rating) -> str:
        return rating.appointment.center.name

    @admin.display(description=_("事项"))
    def item(self, rating: Rating) -> str:
        return str(rating.appointment.item)
