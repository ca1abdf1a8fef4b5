"""The main menu by audience: URL names and labels. Imports no app."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    title: str | Promise


PUBLIC = [
    Entry("home", _("首页")),
    Entry("centers", _("找中心")),
    Entry("items", _("办事指南")),
    Entry("bookings", _("查预约")),
]
VILLAGER = [*PUBLIC, Entry("me", _("我的"))]
CADRE = [
    Entry("desk", _("工作台")),
    Entry("desk_book", _("替人预约")),
    Entry("desk_cases", _("代办")),
    Entry("desk_waiting", _("候补")),
    Entry("duty", _("值班")),
    Entry("delivery_board", _("消息送达")),
    Entry("items", _("办事指南")),
]
OFFICIAL = [
    Entry("oversight", _("总览")),
    Entry("oversight_cases", _("代办")),
    Entry("duty_leaves", _("请假")),
    Entry("centers", _("各村中心")),
    Entry("items", _("办事指南")),
]
UPKEEP = [Entry("admin:index", _("数据维护"))]
