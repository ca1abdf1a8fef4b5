"""Tickets and day counters in the admin, read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from appointments.tickets.models import QueueDay, Ticket
from centers.admin.base import BoundedAdmin, ReadOnly, TownshipFilter


@admin.register(QueueDay)
class QueueDayAdmin(ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("day", "center", "last_number")
    list_filter = (TownshipFilter,)
    list_select_related = ("center",)
    search_fields = ("center__name",)
    date_hierarchy = "day"


@admin.register(Ticket)
class TicketAdmin(ReadOnly, BoundedAdmin):
    """Issued, called and closed at the desk."""

    code_path = "center__division__code"
    list_display = ("day", "number", "center", "item", "taken_at", "window", "called_at", "done_at", "state_label")
    list_filter = (("done_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center", "item")
    search_fields = ("center__name",)
    date_hierarchy = "day"
    exclude = ("link", "key")
    show_full_result_count = False

    @admin.display(description=gettext_lazy("状态"))
    def state_label(self, ticket: Ticket) -> str:
        return ticket.state.label
