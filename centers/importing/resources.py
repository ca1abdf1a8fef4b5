"""Spreadsheets of centers and rooms: Chinese headers, all rows or none."""

from collections.abc import MutableMapping
from copy import deepcopy
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models.signals import post_save
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource
from import_export.results import Result

from centers import codes
from centers.access import held_codes
from centers.days.following import together
from centers.importing.fields import (
    CenterWidget,
    DivisionWidget,
    ListField,
    NamesWidget,
    NumberWidget,
    OfficePhoneWidget,
    PhoneWidget,
    YesNoWidget,
)
from centers.importing.villages import Villages
from centers.importing.writing import Overtaken, Planned, columns_of, write
from centers.models import Center, Room, RoomFunction
from portal.accounts.models import User
from portal.ui.sheets.encoding import plain_digits
from portal.ui.sheets.formats import ROW, Uploaded
from portal.ui.sheets.reading import Where
from portal.ui.sheets.spoiled import Spoiled, as_telephone

CODE = "区划代码"


class NumberedResult(Result):
    """Reports errors by the row's number in the file."""

    names: dict[str, str] = {}

    notes: list[str] = []  # what to know of the file before it is imported

    def append_error_row(self, number, row, errors) -> None:
        super().append_error_row(row.get(ROW, number), row, errors)

    def append_invalid_row(self, number, row, validation_error) -> None:
        super().append_invalid_row(row.get(ROW, number), row, validation_error)

    def faults(self) -> list[tuple[Where, str]]:
        """(row of the file, sentence) from the top down."""
        faults = [(row.number, str(error.error)) for row in self.error_rows for error in row.errors]
        for row in self.invalid_rows:
            faults += [(row.number, said) for said in _sentences(row.error, self.names)]
        return sorted(faults)


def _sentences(error: ValidationError, names: dict[str, str]) -> list[str]:
    """The messages of an error, prefixed with the column's header where there is one."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        said if field == NON_FIELD_ERRORS else f"{names.get(field, field)}：{said}"
        for field, faults in error.message_dict.items()
        for said in faults
    ]


class ListLoader(BaseInstanceLoader):
    """Loads the existing rows once and looks them up by the import's key columns (no query per row)."""

    def __init__(self, resource, dataset=None) -> None:
        super().__init__(resource, dataset)
        self.keys = [resource.fields[name] for name in resource.get_import_id_fields()]
        column = resource.fields[resource.place].column_name
        cells = dataset[column] if dataset is not None and column in (dataset.headers or []) else []
        path = resource.fields[resource.place].widget.path
        named = {plain_digits(cell) for cell in cells}
        rows = resource.get_queryset().filter(**{f"{resource.place}__{path}__in": named})
        rows = rows.select_related(*resource.related).prefetch_related(*resource.lists(), *resource.beside)
        self.known = {self.key_of_known(row): row for row in self.narrowed(rows, dataset)}
        self.seen: MutableMapping[tuple, Where] = {} if resource.seen is None else resource.seen

    def narrowed(self, rows, dataset):
        """The rows that may be meant, where a place has many that are not."""
        return rows

    def key_of_known(self, row) -> tuple:
        return tuple(getattr(row, key.attribute) for key in self.keys)

    def key_of(self, row) -> tuple:
        return tuple(key.clean(row) for key in self.keys)

    def get_instance(self, row):
        """Raises ValidationError when an earlier row of the sheet has the same key."""
        key = self.key_of(row)
        if key in self.seen:
            raise ValidationError(_("和%(row)s重复") % {"row": self.seen[key]})
        self.seen[key] = row.get(ROW, "?")
        return self.known.get(key)


class PlaceResource(ModelResource):
    """Rows name their division by code; rows outside of the importing user's divisions are refused."""

    required = (CODE,)
    place = "division"
    related: tuple[str, ...] = ("division",)
    beside: tuple[str, ...] = ()  # what else is read of the existing rows
    within: list[str] | None = None
    accounts: list[User] = []  # made or named with the rows
    seen: MutableMapping[tuple, Where] | None = None  # rows of the same sheet that were validated before

    @classmethod
    def get_result_class(cls) -> type[Result]:
        names = {name: field.column_name for name, field in cls.fields.items()}
        return type("Result", (NumberedResult,), {"names": names})

    @classmethod
    def columns(cls) -> list[str]:
        return [field.column_name for field in cls.fields.values()]

    @classmethod
    def lists(cls) -> list[str]:
        return [field.attribute for field in cls.fields.values() if isinstance(field.widget, NamesWidget)]

    def import_data(self, dataset, dry_run=False, user=None, **kwargs) -> Result:
        """Validates all rows, and writes them, if it is no preview."""
        result = self.validate(dataset, user, dry_run)
        if not dry_run:
            self.write_into(result)
        return result

    def validate(self, dataset, user: User | None, is_preview: bool = False) -> Result:
        """Validates all rows outside of any transaction; `write_into` writes them, in a short one."""
        self.planned: list[Planned] = []
        self.within = self.reach(user)
        self.villages = Villages(self.within)
        result = self.import_data_inner(
            self._with_codes(dataset),
            dry_run=True,
            raise_errors=False,
            using_transactions=False,
            collect_failed_rows=False,
            user=user,
            retain_instance_in_row_result=not is_preview,
        )
        result.notes = dataset.notes
        return result

    def reach(self, user: User | None) -> list[str] | None:
        """Codes of the divisions of which a sheet of theirs may have rows; None for all."""
        return held_codes(user)

    def _with_codes(self, dataset):
        """With the codes of villages that are named; what cannot be found stays, and is refused by its row."""
        if CODE not in (dataset.headers or []):
            return dataset
        at = dataset.headers.index(CODE)
        rows = [(*row[:at], self.villages.code_of(row[at]), *row[at + 1 :]) for row in dataset]
        return Uploaded(*rows, headers=dataset.headers)

    def write_into(self, result: Result, rehearse: bool = False) -> None:
        """Writes what was validated, unless a row has faults; what changed meanwhile is a fault of its row.

        `rehearse`: the caller takes it back, so that the rows stay as they are for the real time.
        """
        if result.has_errors() or result.has_validation_errors():
            return
        planned, accounts = deepcopy((self.planned, self.accounts)) if rehearse else (self.planned, self.accounts)
        try:
            self.write(planned, accounts)
        except Overtaken as overtaken:
            for one, said in overtaken.faults:
                result.append_invalid_row(0, one.row, ValidationError(said))

    def write(self, planned: list[Planned], accounts: list[User]) -> None:
        places = self.fields[self.place].widget.rows()
        write(planned, place=self.place, places=places, accounts=accounts)

    def save_instance(self, instance, is_create, row, **kwargs) -> None:
        self.planned.append(Planned(row, instance, None if is_create else instance.columns_before))

    def before_import(self, dataset, **kwargs) -> None:
        # The library asks for all columns of the key; one that may be empty may be absent.
        for name in (self.fields[key].column_name for key in self.get_import_id_fields()):
            if name not in dataset.headers:
                dataset.append_col([""] * len(dataset), header=name)

    def before_import_row(self, row, **kwargs) -> None:
        self._refuse_spoiled(row)
        for name in self.required:
            if not row.get(name):
                raise ValidationError(_("“%(name)s”没有填") % {"name": name})
        code = plain_digits(row[CODE])
        if not codes.is_code(code):
            raise ValidationError(self.villages.refusal(row[CODE]))
        if self.within is not None and not any(codes.contains(upper, code) for upper in self.within):
            raise ValidationError(_("%(code)s 不在您管的范围内") % {"code": code})

    def _refuse_spoiled(self, row) -> None:
        """Refuse what a spreadsheet program has made of a text: no column holds dates."""
        faults = []
        for field in self.fields.values():
            cell = row.get(field.column_name) or ""
            cell = as_telephone(cell) if isinstance(field.widget, PhoneWidget) else cell
            if isinstance(cell, Spoiled):
                faults.append(_("“%(column)s”：%(fault)s") % {"column": field.column_name, "fault": cell.fault})
        if faults:
            raise ValidationError(faults)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """Validates fields only: foreign keys and uniqueness are already checked by the lookups."""
        errors = dict(import_validation_errors or {})
        pointing = [field.name for field in instance._meta.fields if field.is_relation]
        try:
            instance.clean_fields(exclude={*pointing, *errors})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def after_init_instance(self, instance, new, row, **kwargs) -> None:
        instance.columns_before = None if new else columns_of(instance)

    def save_m2m(self, instance, row, **kwargs) -> None:
        given = [field for field in self.fields.values() if isinstance(field.widget, NamesWidget)]
        lists = {field.attribute: field.clean(row) for field in given if field.column_name in row}
        planned = self.planned[-1]
        planned.lists = instance.lists_of_sheet = lists
        if planned.before is not None:
            planned.lists_before = {name: [one.pk for one in getattr(instance, name).all()] for name in lists}


class Meta:
    instance_loader_class = ListLoader
    skip_unchanged = True
    use_transactions = True


class CenterResource(PlaceResource):
    required = (CODE, "名称")
    division = Field(attribute="division", column_name=CODE, widget=DivisionWidget())
    name = Field(attribute="name", column_name="名称")
    address = Field(attribute="address", column_name="地址", default="")
    directions = Field(attribute="directions", column_name="怎么走", default="")
    phone = Field(attribute="phone", column_name="电话", widget=OfficePhoneWidget(), default="")
    resident_population = Field(attribute="resident_population", column_name="常住人口", widget=NumberWidget())
    longitude = Field(attribute="longitude", column_name="经度", widget=NumberWidget(Decimal))
    latitude = Field(attribute="latitude", column_name="纬度", widget=NumberWidget(Decimal))
    is_active = Field(attribute="is_active", column_name="对外服务", widget=YesNoWidget(), default=True)

    class Meta(Meta):
        model = Center
        fields = (
            "division",
            "name",
            "address",
            "directions",
            "phone",
            "resident_population",
            "longitude",
            "latitude",
            "is_active",
        )
        import_id_fields = ("division",)

    def write(self, planned: list[Planned], accounts: list[User]) -> None:
        with transaction.atomic(), together():
            super().write(planned, accounts)
            for one in planned:
                if one.before is not None and one.before["is_active"] != one.instance.is_active:
                    post_save.send(Center, instance=one.instance, created=False, raw=False, update_fields=None)


class RoomResource(PlaceResource):
    required = (CODE, "名称")
    place = "center"
    related = ("center__division",)
    center = Field(attribute="center", column_name=CODE, widget=CenterWidget())
    name = Field(attribute="name", column_name="名称")
    functions = ListField(attribute="functions", column_name="功能", widget=NamesWidget(RoomFunction))
    seats = Field(attribute="seats", column_name="可坐人数", widget=NumberWidget(), default=10)
    area = Field(attribute="area", column_name="面积", widget=NumberWidget(Decimal))
    is_public = Field(attribute="is_public", column_name="群众可借用", widget=YesNoWidget(), default=True)

    class Meta(Meta):
        model = Room
        fields = ("center", "name", "functions", "seats", "area", "is_public")
        import_id_fields = ("center", "name")
