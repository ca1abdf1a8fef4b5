"""Spreadsheets of roles: each row gives one, and an unknown number gets an account."""

from django.core.exceptions import ValidationError
from import_export.fields import Field

from centers.importing.accounts import Accounts
from centers.importing.fields import AccountWidget, DivisionWidget, PhoneWidget, RoleWidget
from centers.importing.resources import CODE, ListLoader, Meta, PlaceResource
from centers.models import Division, Membership
from centers.services import members
from portal.ui import names
from portal.ui.errors import RuleBroken


class StaffLoader(ListLoader):
    """By number, division and role: an account that the sheet makes has no key yet."""

    def key_of_known(self, row) -> tuple:
        return row.user.phone, row.division, row.role

    def key_of(self, row) -> tuple:
        _user, division, role = super().key_of(row)
        return row["手机号"], division, role


class StaffResource(PlaceResource):
    """Memberships. An unknown phone number gets a new account, which signs in by SMS code."""

    required = (CODE, "姓名", "手机号", "角色")
    related = ("division", "user")
    name = Field(attribute="user__name", column_name="姓名", readonly=True)
    user = Field(attribute="user", column_name="手机号", widget=AccountWidget())
    division = Field(attribute="division", column_name=CODE, widget=DivisionWidget())
    role = Field(attribute="role", column_name="角色", widget=RoleWidget())
    title = Field(attribute="title", column_name="职务", default="")

    class Meta(Meta):
        model = Membership
        instance_loader_class = StaffLoader
        fields = ("name", "user", "division", "role", "title")
        import_id_fields = ("user", "division", "role")

    shared: Accounts | None = None  # with another resource that reads the same rows

    def get_queryset(self):
        return Membership.objects.filter(revoked_at__isnull=True)

    def before_import(self, dataset, **kwargs) -> None:
        super().before_import(dataset, **kwargs)
        phones = {PhoneWidget().clean(cell) for cell in dataset["手机号"]} - {""}
        self.people = self.shared or Accounts(kwargs["user"])
        self.people.load(phones)
        self.accounts = self.people.made
        self.fields["user"].widget.known = self.people.known

    def before_import_row(self, row, **kwargs) -> None:
        super().before_import_row(row, **kwargs)
        row["姓名"] = names.clean(row["姓名"])
        row["手机号"] = phone = PhoneWidget().clean(row["手机号"])
        role = _valid(self.fields["role"].widget.clean, row["角色"])
        division: Division = _valid(self.fields["division"].widget.clean, row[CODE])
        try:
            members.check_may_grant(by=kwargs["user"], role=role, division=division)
        except RuleBroken as refusal:
            raise ValidationError(str(refusal)) from None
        self.people.named(phone, row["姓名"])


def _valid(clean, value):
    try:
        return clean(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None
