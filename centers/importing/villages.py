"""Finds the villages that a sheet names in place of writing their codes."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from centers import codes
from centers.models import Division
from centers.short_names import short_name
from portal.ui.sheets.encoding import plain_digits, tidy
from portal.ui.sheets.spoiled import Spoiled

LISTED = 5  # divisions of one name that a refusal lists


class Villages:
    """Within these codes, or everywhere for None. A name is looked up once: one query for each."""

    def __init__(self, within: list[str] | None) -> None:
        self.within = within
        self._found: dict[str, list[tuple[str, str]]] = {}

    def code_of(self, cell: str) -> str:
        """The code that a cell holds, or that of the only division of its name; else the cell as it is."""
        name = plain_digits(cell or "")
        if isinstance(cell, Spoiled) or not name or name.isdecimal():
            return cell
        found = self._called(name)
        return found[0][0] if len(found) == 1 else cell

    def refusal(self, cell: str) -> str:
        """Why `code_of` has found no code: several of that name, none, or what was meant to be a code."""
        name = tidy(cell)
        found = [] if name.isdecimal() else self._called(name)
        if found:
            said = "、".join(f"{code}（{self._township(code)}）" for code, _name in found[:LISTED])
            more = _("等") if len(found) > LISTED else ""
            return _("有%(number)d个“%(name)s”：%(codes)s%(more)s。请写代码。") % {
                "number": len(found),
                "name": name[:20],
                "codes": said,
                "more": more,
            }
        if any(character.isdecimal() for character in name):
            return _("区划代码“%(code)s”不是12位数字") % {"code": name[:20]}
        return _("您管的范围里没有叫“%(name)s”的。请写12位区划代码，或者名称的全称。") % {"name": name[:20]}

    def _called(self, name: str) -> list[tuple[str, str]]:
        """(code, name) of current divisions of this name, in full or short: 柳湾村 is 柳湾村村民委员会."""
        if name not in self._found:
            stem = re.sub("(?<=.)(社区|村)$", "", short_name(name))
            rows = Division.objects.current().filter(name__startswith=stem).order_by("code")
            if self.within is not None:
                where = Q(pk__in=[])
                for code in self.within:
                    where |= Q(code__range=codes.span(code))
                rows = rows.filter(where)
            said = list(rows.values_list("code", "name"))
            exact = [row for row in said if row[1] == name]
            self._found[name] = exact or [row for row in said if short_name(row[1]) == short_name(name)]
        return self._found[name]

    def _township(self, code: str) -> str:
        above = Division.objects.above(code).values_list("name", flat=True)
        return list(above)[-1] if above else ""
