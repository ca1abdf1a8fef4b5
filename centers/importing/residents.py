"""Spreadsheets of residents: who is listed already is found by name and phone, or by what tells namesakes apart."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from centers.importing.fields import DivisionWidget, ListField, NamesWidget, PersonNameWidget, PhoneWidget
from centers.importing.resources import CODE, ListLoader, Meta, PlaceResource
from centers.models import GroupTag, Resident
from portal.ui import names
from portal.ui.words import masked_name, masked_phone


class ResidentLoader(ListLoader):
    """Residents by village, name and phone; without a phone also by what tells namesakes apart."""

    def __init__(self, resource, dataset=None) -> None:
        super().__init__(resource, dataset)
        self.of_name: dict[tuple, list[Resident]] = {}
        for resident in self.known.values():
            if not resident.phone:
                self.of_name.setdefault((resident.division, resident.name_key), []).append(resident)

    def narrowed(self, rows, dataset):
        cells = dataset["姓名"] if dataset is not None and "姓名" in (dataset.headers or []) else []
        return rows.filter(name_key__in={names.key(names.clean(str(cell or ""))) for cell in cells})

    def key_of_known(self, row: Resident) -> tuple:
        apart = ("", "") if row.phone else (row.villager_group, row.remark)
        return row.division, row.name_key, row.phone, *apart

    def key_of(self, row) -> tuple:
        """Raises ValidationError for somebody without a phone who may be one that is listed, or somebody else.

        Nothing tells two apart where one of them has neither group nor remark.
        """
        division, name = super().key_of(row)
        phone = PhoneWidget().clean(row.get("电话"))
        group, remark = (str(row.get(column) or "").strip() for column in ("村民小组", "怎么分清"))
        if phone:
            return division, names.key(name), phone, "", ""
        alike = self.of_name.get((division, names.key(name)), [])
        is_listed = any((one.villager_group, one.remark) == (group, remark) for one in alike)
        if alike and not is_listed and not (group or remark):
            raise ValidationError(
                _(
                    "村里已有同名、没有电话的%(known)s。是同一位，村民小组和“怎么分清”请写得一样；是另一位，请写一样分得清的。"
                )
                % {"known": "、".join(_told_apart(one) for one in alike)}
            )
        if not is_listed and not all(one.told_apart_by for one in alike):
            raise ValidationError(
                _(
                    "村里已有一位%(name)s，没有电话，也没写小组，分不清是不是同一位。请先在“居民”里给那一位写上，再导入。"
                )
                % {"name": name}
            )
        return division, names.key(name), "", group, remark


def _told_apart(resident: Resident) -> str:
    return f"{resident.name}（{resident.told_apart_by or _('没有写小组')}）"


class ResidentResource(PlaceResource):
    required = (CODE, "姓名")
    division = Field(attribute="division", column_name=CODE, widget=DivisionWidget())
    name = Field(attribute="name", column_name="姓名", widget=PersonNameWidget())
    phone = Field(attribute="phone", column_name="电话", widget=PhoneWidget(), default="")
    villager_group = Field(attribute="villager_group", column_name="村民小组", default="")
    remark = Field(attribute="remark", column_name="怎么分清", default="")
    groups = ListField(attribute="groups", column_name="人群", widget=NamesWidget(GroupTag))

    class Meta(Meta):
        model = Resident
        name = "含完整电话（会留下记录）"
        instance_loader_class = ResidentLoader
        fields = ("division", "name", "phone", "villager_group", "remark", "groups")
        import_id_fields = ("division", "name")

    def get_queryset(self):
        return Resident.objects.filter(twin_of__isnull=True)

    def filter_export(self, queryset, **kwargs):
        # What is exported can be imported again: a row that waits to be joined would come twice.
        return queryset.filter(twin_of__isnull=True)


class _Masked(Widget):
    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__()
        self.mask = mask

    def render(self, value, obj=None, **kwargs) -> str:
        return self.mask(value or "")


class MaskedResidentResource(ResidentResource):
    """For lists that are passed on."""

    name = Field(attribute="name", column_name="姓名", widget=_Masked(masked_name))
    phone = Field(attribute="phone", column_name="电话", widget=_Masked(masked_phone))

    class Meta(ResidentResource.Meta):
        name = "姓名、电话隐去中间"
