"""Sheets of people: who works at a center, and in the same row the role with which they sign in."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from centers.importing.accounts import Accounts
from centers.importing.fields import CenterWidget, PersonNameWidget, PhoneWidget, RoleWidget, YesNoWidget
from centers.importing.members import StaffResource
from centers.importing.resources import CODE, ListLoader, Meta, PlaceResource
from centers.importing.rules import SheetRules
from centers.models import Staff
from portal.accounts.roles import Role
from portal.ui import names

ROLE, PHONE, NAME = "角色", "手机号", "姓名"


class SheetMembers(SheetRules, StaffResource):
    """The role of a row that names one."""

    class Meta(StaffResource.Meta):
        skip_diff = True

    @staticmethod
    def wants(row: dict[str, str]) -> bool:
        return bool(row.get(ROLE))


class PostWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        for post in Staff.Post:
            if value in (post.value, post.label, post.label.replace("“", "").replace("”", "")):
                return post.value
        raise ValueError(
            _("没有“%(post)s”这种岗位，请写其中一个：%(posts)s")
            % {"post": str(value)[:20], "posts": "、".join(str(post.label) for post in Staff.Post)}
        )


class RosterLoader(ListLoader):
    """A person of a center by their number, or by the name where there is none."""

    def __init__(self, resource, dataset=None) -> None:
        super().__init__(resource, dataset)
        people = list(self.known.values())
        self.known = {(one.center, one.phone): one for one in people if one.phone}
        self.of_name: dict[tuple, list[Staff]] = {}
        for one in people:
            self.of_name.setdefault((one.center, names.key(one.name)), []).append(one)

    def key_of_known(self, row: Staff) -> tuple:
        return (row.pk,)

    def key_of(self, row) -> tuple:
        center, name = super().key_of(row)
        phone = PhoneWidget().clean(row.get(PHONE))
        return (center, phone) if phone else (center, "", names.key(name))

    def get_instance(self, row):
        """Raises ValidationError for a number that is another's there, and for somebody with another number."""
        center, name = super().key_of(row)
        phone = PhoneWidget().clean(row.get(PHONE))
        alike = self.of_name.get((center, names.key(name)), [])
        found = super().get_instance(row) if phone else None
        if not phone:
            super().get_instance(row)  # for a row that comes twice
            found = alike[0] if len(alike) == 1 else None
            if len(alike) > 1:
                raise ValidationError(_("这个中心有%(count)d位%(name)s，请写上手机号。") % self._said(alike, name))
        if found is not None and names.key(found.name) != names.key(name):
            raise ValidationError(
                _("这个号码在这个中心登记的是别人，不是%(name)s。请核对号码。") % self._said(alike, name)
            )
        if phone and found is None and alike:
            without = [one for one in alike if not one.phone]
            if not without:
                raise ValidationError(
                    _("%(name)s在这个中心登记的电话不是这个。换了号码的，请先把登记的电话改好，再传。")
                    % self._said(alike, name)
                )
            found = without[0]
        return found

    @staticmethod
    def _said(alike: list[Staff], name: str) -> dict:
        return {"count": len(alike), "name": name}


class RosterResource(SheetRules, PlaceResource):
    """Who works at a center. Roles of more than one village are not on a center's roster: those rows give a login."""

    required = (CODE, NAME)
    place = "center"
    related = ("center__division", "user")
    center = Field(attribute="center", column_name=CODE, widget=CenterWidget())
    name = Field(attribute="name", column_name=NAME, widget=PersonNameWidget())
    phone = Field(attribute="phone", column_name=PHONE, widget=PhoneWidget())
    post_type = Field(attribute="post_type", column_name="岗位类型", widget=PostWidget())
    title = Field(attribute="title", column_name="职务")
    can_lead = Field(attribute="can_lead", column_name="可以带班", widget=YesNoWidget())
    takes_turns = Field(attribute="takes_turns", column_name="参加排班", widget=YesNoWidget())
    shared: Accounts | None = None

    class Meta(Meta):
        model = Staff
        instance_loader_class = RosterLoader
        fields = ("center", "name", "phone", "post_type", "title", "can_lead", "takes_turns")
        import_id_fields = ("center", "name")
        skip_diff = True

    @staticmethod
    def wants(row: dict[str, str]) -> bool:
        return _role(row.get(ROLE, "")) not in Role.officials

    def get_queryset(self):
        return Staff.objects.filter(left_on__isnull=True)

    def import_instance(self, instance, row, **kwargs) -> None:
        super().import_instance(instance, row, **kwargs)
        if row.get(ROLE) and self.shared and (user := self.shared.known.get(instance.phone)):
            instance.user = user

    def brings_more(self, instance) -> bool:
        return instance.user is not None and instance.user._state.adding


def _role(cell: str) -> Role | None:
    try:
        return RoleWidget().clean(cell)
    except ValueError:
        return None
