"""Accounts in the admin. Signing in to the admin is the site's sign-in: rate limits and second factor included."""

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from auditlog.admin import LogEntry
from auditlog.admin import LogEntryAdmin as LibraryLogEntryAdmin
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.viewing import AccessLogged
from portal.ui.searching import ListedOnly, PeopleSearch
from portal.ui.words import masked_phone

admin.site.login = secure_admin_login(admin.site.login)


def _has_permission(request: HttpRequest) -> bool:
    """Django's own rule, and not for an account that sleeps: whoever has its number now may be somebody else.

    Raises PermissionDenied then; another administrator wakes it.
    """
    if request.user.is_authenticated and request.user.asleep_since:
        raise PermissionDenied
    return request.user.is_active and request.user.is_staff


admin.site.has_permission = _has_permission

# Their admin modules are imported above, so they are registered by now.
# Users manage these on their own pages; nobody sets another person's second factor.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.unregister([Group, LogEntry])  # ours are below


NAMED_ONLY = ((None, {"fields": ("username", "name", "is_active")}),)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name", "phone")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_phone(self) -> str | None:
        # NULL, so that two users without a phone do not violate the unique constraint.
        return self.cleaned_data["phone"] or None


@admin.register(User)
class UserAdmin(AccessLogged, PeopleSearch, DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("个人信息"), {"fields": ("name", "phone", "phone_verified_at", "asleep_since", "email")}),
        (_("权限"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("时间"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "name", "phone", "usable_password", "password1", "password2")}),)
    readonly_fields = ("phone_verified_at", "last_login", "date_joined")
    list_display = ("username", "name", "hidden_phone", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("username", "name", "phone__number_seen")
    ordering = ("username",)

    @admin.display(description=_("手机号"))
    def hidden_phone(self, user: User) -> str:
        return masked_phone(user.phone or "")

    def get_queryset(self, request):
        return import_string(settings.ACCOUNTS_WITHIN)(super().get_queryset(request), request.user)

    # Changing phones, passwords or permissions amounts to taking over any account: superusers only.

    def has_add_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_change_permission(self, request, obj=None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # the audit log refers to the account: it is deactivated instead

    def get_fieldsets(self, request, obj=None):
        # Others only look up a name to assign a role, and do not see the phone number.
        return super().get_fieldsets(request, obj) if request.user.is_superuser else NAMED_ONLY

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if request.user.is_superuser else [name for name in shown if name != "hidden_phone"]

    def get_search_fields(self, request):
        return self.search_fields if request.user.is_superuser else ("username", "name")


class AdministratorsOnly:
    """Superusers only, whatever Django permissions say: these rows belong to no division or grant permissions."""

    def has_module_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request) -> bool:
        return self.has_module_permission(request) and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request) and super().has_delete_permission(request, obj)


@admin.register(Group)
class GroupAdmin(AdministratorsOnly, ListedOnly, DjangoGroupAdmin):
    pass


@admin.register(LogEntry)
class LogEntryAdmin(AdministratorsOnly, ListedOnly, LibraryLogEntryAdmin):
    """The audit log, read-only."""

    # The library's default names two columns that our user model lacks.
    search_fields = ("object_repr", "changes", "actor__username", "actor__name")
