"""The kinds of sheets: their columns, as the template explains them, and the resources that read a row."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centers.importing.families import RELATIVES, ResidentsWithFamilies
from centers.importing.hours import WEEKDAYS, WORKDAYS, CenterWithHours
from centers.importing.resources import CODE
from centers.importing.rooms import SheetRooms
from centers.importing.roster import RosterResource, SheetMembers
from centers.models import SheetUpload
from portal.ui.sheets.formats import Uploaded

EXAMPLE = "例："  # the first cell of an example row begins so; the row is not read


@dataclass(frozen=True)
class Column:
    """`heading` is what the template says above it: the column's name, perhaps with a note in brackets."""

    heading: str
    example: str
    about: str | Promise
    is_required: bool = False


@dataclass(frozen=True)
class Kind:
    value: str
    about: str | Promise
    columns: tuple[Column, ...]
    resources: tuple[type, ...]
    at_once: int  # rows in one transaction

    @property
    def label(self) -> str:
        return str(SheetUpload.Kind(self.value).label)

    @property
    def known(self) -> list[str]:
        """Names of the columns that are read."""
        return list(dict.fromkeys(name for resource in self.resources for name in resource.columns()))

    @property
    def required(self) -> list[str]:
        """Columns without which no sheet is read."""
        return [column.heading.partition("（")[0] for column in self.columns if column.is_required]

    def split(self, dataset: Uploaded) -> list[tuple[type, Uploaded]]:
        """The rows for each resource; a resource may want only some of them (`wants`)."""
        found = []
        for resource in self.resources:
            wants = getattr(resource, "wants", None)
            rows = [row for row in dataset if wants is None or wants(dict(zip(dataset.headers, row, strict=True)))]
            found.append((resource, Uploaded(*rows, headers=dataset.headers)))
        return found


_VILLAGE = Column(
    f"{CODE}（或村名）",
    f"{EXAMPLE}柳湾村",
    _("12位区划代码，或村（社区）的名称。有几个同名的，只能写代码。"),
    is_required=True,
)
_HOURS = _("几点到几点，两段用顿号隔开；不开写 休息；空着不改。写了这一天的，不管“周一到周五”怎么写。")
KINDS = {
    kind.value: kind
    for kind in (
        Kind(
            SheetUpload.Kind.CENTERS,
            _("中心的名称、地址、电话和每周的开放时间。没有的新建，有的照表改。"),
            (
                _VILLAGE,
                Column("名称", "柳湾村党群服务中心", _("中心的名称。"), is_required=True),
                Column("地址", "柳湾村中街12号", _("门牌，群众照着能找到。")),
                Column("怎么走", "村口大槐树往东50米", _("一句话，说给第一次来的人。")),
                Column("电话", "0399-5550101", _("中心的座机（带区号）或手机。")),
                Column("常住人口", "1200", _("数字。")),
                Column("经度", "", _("度，小数，例如 118.180000。")),
                Column("纬度", "", _("度，小数，例如 39.630000。")),
                Column("对外服务", "是", _("是 或 否。新建的不填就是“是”。")),
                Column(WORKDAYS, "8:30-11:30、14:00-17:30", _("这五天一样的，只填这一格。")),
                *(Column(name, "休息" if name == "周日" else "", _HOURS) for name in WEEKDAYS),
            ),
            (CenterWithHours,),
            5,
        ),
        Kind(
            SheetUpload.Kind.ROOMS,
            _("中心的房间：有多大、做什么用、能不能借。"),
            (
                _VILLAGE,
                Column("名称", "农家书屋", _("房间的名称，一个中心里不重名。"), is_required=True),
                Column("功能", "", _("几样用顿号隔开，要用系统里有的名称，例如：农家书屋、便民服务。")),
                Column("可坐人数", "20", _("数字。新建的不填就是10。")),
                Column("面积", "35.5", _("平方米。")),
                Column("群众可借用", "是", _("是 或 否。")),
            ),
            (SheetRooms,),
            500,
        ),
        Kind(
            SheetUpload.Kind.PEOPLE,
            _("谁在中心上班、谁能登录。写了角色的，给开登录账号，不用密码。"),
            (
                _VILLAGE,
                Column("姓名", "张建国", _("本人的姓名。"), is_required=True),
                Column("手机号", "13800005678", _("有角色的必填，登录用的就是它。")),
                Column(
                    "岗位类型",
                    "村两委干部",
                    _("村两委干部、专职人员、公益岗位、驻村干部、志愿者。不填就是村两委干部。"),
                ),
                Column("职务", "便民服务专干", _("怎么称呼。")),
                Column("可以带班", "否", _("是 或 否。")),
                Column("参加排班", "是", _("是 或 否。不填就是“是”。")),
                Column(
                    "角色",
                    "代办员",
                    _("不用登录的空着；代办员、中心负责人、包村干部、乡镇工作人员、县级管理员。不能高过您自己的。"),
                ),
            ),
            (SheetMembers, RosterResource),
            500,
        ),
        Kind(
            SheetUpload.Kind.RESIDENTS,
            _("村里的居民，和替他们约的家人。家人用自己的手机号登录，就能替他约。"),
            (
                _VILLAGE,
                Column("姓名", "王桂兰", _("居民的姓名。"), is_required=True),
                Column("电话", "0399-5550199", _("本人的手机或座机，没有就空着。")),
                Column("村民小组", "一组", _("村民小组或自然村。")),
                Column("怎么分清", "", _("同名又没有电话的，写一句分得清的话，例如：东头老李家的。")),
                Column("人群", "老年人", _("几样用顿号隔开，要用系统里有的名称。")),
                *(
                    Column(heading, example, about)
                    for (name, phone, relation), examples in zip(
                        RELATIVES, (("王建军", "13800005679", "子女"), ("", "", "")), strict=True
                    )
                    for heading, example, about in zip(
                        (name, phone, relation),
                        examples,
                        (
                            _("替他约的家人，到中心当面说好的才写。"),
                            _("家人的11位手机号。"),
                            _("家人是居民的什么人：子女、配偶、父母、其他亲属。"),
                        ),
                        strict=True,
                    )
                ),
            ),
            (ResidentsWithFamilies,),
            500,
        ),
    )
}
