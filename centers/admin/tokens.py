from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from centers.admin.base import BoundedAdmin, NoDelete
from centers.models import ApiToken
from centers.services import members, tokens
from portal.ui.errors import RuleBroken


@admin.register(ApiToken)
class ApiTokenAdmin(NoDelete, BoundedAdmin):
    """A token acts with a membership's role, so that issuing one needs the right to grant that role."""

    code_path = "membership__division__code"
    list_display = ("name", "start", "membership", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("membership__user", "membership__division")
    search_fields = ("name", "membership__user__name", "membership__division__name")
    autocomplete_fields = ("membership",)
    fields = ("membership", "name")
    actions = ("revoke",)

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)

        class Giving(form):
            def clean(self):
                cleaned = super().clean()
                if held := cleaned.get("membership"):
                    try:
                        members.check_may_grant(by=request.user, role=held.role, division=held.division)
                    except RuleBroken as refusal:
                        refusal.add_to(self)
                return cleaned

        return Giving

    def save_model(self, request, obj, form, change) -> None:
        made, secret = tokens.issue(membership=obj.membership, name=obj.name)
        obj.pk, obj.start = made.pk, made.start
        messages.warning(request, _("令牌只显示这一次，请马上抄到对方系统里：%(secret)s") % {"secret": secret})

    @admin.action(description=_("停用所选的令牌"), permissions=["change"])
    def revoke(self, request, queryset) -> None:
        for token in queryset:
            tokens.revoke(token=token)
        messages.success(request, _("已停用，下一次请求就会被拒绝。"))
