"""Messages in the admin, read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.accounts.viewing import AccessLogged
from portal.notifications.models import Message
from portal.ui.searching import ListedOnly
from portal.ui.words import masked_phone


@admin.register(Message)
class MessageAdmin(AccessLogged, ListedOnly, admin.ModelAdmin):
    list_display = ("due_at", "channel", "hidden_address", "subject", "person", "title", "state", "attempts", "sent_at")
    list_filter = ("state", "channel", "kind")
    search_fields = ("subject", "person", "title")
    search_help_text = _("事由（如 appointment:12）、收件人或标题")
    date_hierarchy = "due_at"
    show_full_result_count = False

    @admin.display(description=_("号码或邮箱"))
    def hidden_address(self, message: Message) -> str:
        name, at, host = message.address.partition("@")
        return f"{name[:1]}****@{host}" if at else masked_phone(name)

    def has_view_permission(self, request, obj=None) -> bool:
        # Messages have no division, so that they cannot be limited to an official's divisions.
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
