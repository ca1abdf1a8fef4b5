"""Import widgets: parse cells into divisions, centers, roles, booleans and so on, with readable errors."""

import re

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget, Widget

from centers.access import accounts_within
from centers.former_codes import division_at
from centers.models import Center, Division
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.ui import names, numbers
from portal.ui.sheets.encoding import plain_digits
from portal.ui.words import masked_phone

YES = {"是", "有", "对", "1", "yes", "true", "y", "√"}
NO = {"否", "无", "不", "0", "no", "false", "n", "×"}


class _ByCode(ForeignKeyWidget):
    """Foreign key by division code. Loaded once per import: the library copies the widgets for each import."""

    path = "code"
    missing: str = ""

    def __init__(self, model) -> None:
        super().__init__(model, self.path)
        self.found: dict[str, Model | None] = {}

    def clean(self, value, row=None, **kwargs):
        code = plain_digits(value or "")
        if code not in self.found:
            self.found[code] = self.rows().filter(**{self.path: code}).first()
        if self.found[code] is None:
            present = division_at(code)
            if present and present.code != code:
                raise ValueError(
                    _("%(code)s 现在是 %(present)s %(name)s，请改成新的代码")
                    % {"code": code, "present": present.code, "name": present.name}
                )
            raise ValueError(self.missing % {"code": code[:20]})
        return self.found[code]

    def rows(self) -> QuerySet:
        raise NotImplementedError


class DivisionWidget(_ByCode):
    missing = gettext_lazy("没有这个区划代码：%(code)s")

    def __init__(self) -> None:
        super().__init__(Division)

    def rows(self) -> QuerySet:
        return Division.objects.current()


class CenterWidget(_ByCode):
    """A center by the code of its division."""

    path = "division__code"
    missing = gettext_lazy("%(code)s 还没有中心，请先导入中心")

    def __init__(self) -> None:
        super().__init__(Center)

    def rows(self) -> QuerySet:
        return Center.objects.standing().select_related("division")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.division.code if value else ""


class YesNoWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> bool | None:
        word = str(value or "").lower()
        if not word:
            return None
        if word not in YES | NO:
            raise ValueError(_("“%(word)s”请写成 是 或 否") % {"word": word[:20]})
        return word in YES

    def render(self, value, obj=None, **kwargs) -> str:
        return _("是") if value else _("否")


class NumberWidget(Widget):
    """An optional number; exported as a number and not as text."""

    def __init__(self, kind: type = int) -> None:
        super().__init__()
        self.kind = kind

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").replace(",", "").replace("，", "")
        try:
            return self.kind(text) if text else None
        except (ValueError, ArithmeticError):
            raise ValueError(_("“%(text)s”不是数字") % {"text": text[:20]}) from None

    def render(self, value, obj=None, **kwargs):
        return value


class PhoneWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return numbers.canonical(str(value or ""))


class OfficePhoneWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return numbers.written(str(value or ""))


class PersonNameWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return names.clean(str(value or ""))


class RoleWidget(Widget):
    def clean(self, value, row=None, **kwargs) -> Role:
        for role in Role:
            if value in (role.value, role.label):
                return role
        raise ValueError(
            _("没有“%(role)s”这个角色，请写其中一个：%(roles)s")
            % {"role": str(value)[:20], "roles": "、".join(str(role.label) for role in Role)}
        )

    def render(self, value, obj=None, **kwargs) -> str:
        return str(Role(value).label) if value else ""


class AccountWidget(ForeignKeyWidget):
    """An account by its number. `known` has them all, also those that the sheet makes: filled before the first row."""

    def __init__(self) -> None:
        super().__init__(User, "phone")
        self.known: dict[str, User] = {}

    def clean(self, value, row=None, **kwargs) -> User | None:
        return self.known.get(numbers.canonical(str(value or "")))


class NamesWidget(ManyToManyWidget):
    """Several presets by name in one cell: 农家书屋、食堂. Loaded once per import."""

    def __init__(self, model) -> None:
        super().__init__(model, field="name", separator="、")
        self.presets: dict[str, Model] | None = None

    def clean(self, value, row=None, **kwargs):
        names = [name.strip() for name in re.split("[、，,]", str(value or "")) if name.strip()]
        if self.presets is None:
            self.presets = {one.name: one for one in self.model.objects.all()}
        if missing := set(names) - set(self.presets):
            raise ValueError(_("没有“%(names)s”") % {"names": "、".join(sorted(missing))})
        return [self.presets[name] for name in dict.fromkeys(names)]


class ListField(Field):
    """Of a NamesWidget. In a preview it shows the list of the sheet, `instance.lists_of_sheet`, which is not stored."""

    def export(self, instance, **kwargs):
        listed = getattr(instance, "lists_of_sheet", {}).get(self.attribute)
        if listed is None:
            return super().export(instance, **kwargs)
        return self.widget.separator.join(one.name for one in listed)


def of_somebody_else(known: User, typed: str, by: User) -> str:
    """Names the holder of the number only to whom may see that account."""
    said = {"phone": masked_phone(known.phone or ""), "name": known.name, "other": typed}
    if accounts_within(User.objects.filter(pk=known.pk), by).exists():
        return _("%(phone)s 是%(name)s的账号，不是%(other)s的。请核对号码；换了人用的，先请管理员改账号的姓名。") % said
    return _("%(phone)s 是别人的账号，不是%(other)s的。请核对号码；换了人用的，先请管理员改账号的姓名。") % said
