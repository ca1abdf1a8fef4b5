"""Roles and permissions as data. Which user holds which role at which division is a Membership (`centers`)."""

from django.db import models
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One thing that a user may do; the label is shown when a role is assigned."""

    VIEW_DAY = "view_day", _("看中心当天的安排")
    MARK_ATTENDANCE = "mark_attendance", _("登记到场、办结和爽约")
    BOOK_FOR_OTHERS = "book_for_others", _("替村民预约、改时间和取消")
    VIEW_CONTACTS = "view_contacts", _("查看完整的姓名和手机号（每次查看都有记录）")
    HANDLE_CASES = "handle_cases", _("替村民代办：登记、收材料、送办、交付")
    HANDLE_TOWNSHIP_CASES = "handle_township_cases", _("办理村里送到乡镇的代办件")
    ANSWER_DEMANDS = "answer_demands", _("答复村民的诉求和评价")
    VIEW_REPORTS = "view_reports", _("看中心的台账和报表")
    MANAGE_CENTER = "manage_center", _("设置开放时间、功能室、值班和可约事项")
    APPROVE_CLOSURE = "approve_closure", _("批准临时停开")
    APPROVE_LEAVE = "approve_leave", _("批准中心人员请假")
    CONFIRM_VISITS = "confirm_visits", _("核实走访和整改")
    VIEW_OVERSIGHT = "view_oversight", _("看辖区内各中心的使用情况")
    OPEN_CENTERS = "open_centers", _("开通中心，给多个中心设开放时间")
    MANAGE_MEMBERS = "manage_members", _("请同事进来，改、停用和重设下一级的账户")
    SWITCH_ITEMS = "switch_items", _("定辖区里各村办不办某件事")
    MANAGE_CATALOG = "manage_catalog", _("维护事项目录和考核规则")
    ENTER_HOLIDAYS = "enter_holidays", _("录入全年的放假安排")
    SET_RULES = "set_rules", _("改本辖区的规则，例如最远约到哪天")
    TEST_PROVIDERS = "test_providers", _("看短信和电话接好没有，给自己发一条试试")


class Role(models.TextChoices):
    """What a user is at one division: a center, a township or a county."""

    PROXY_AGENT = "proxy_agent", _("代办员")
    MANAGER = "manager", _("中心负责人")
    LIAISON = "liaison", _("包村干部")
    TOWNSHIP = "township", _("乡镇工作人员")
    COUNTY = "county", _("县级管理员")

    @classproperty
    def staff(cls) -> frozenset["Role"]:
        """Roles with access to other people's data: they have the short idle timeout."""
        return frozenset(Role)

    @classproperty
    def officials(cls) -> frozenset["Role"]:
        """Roles that see more than one village: they need a second factor."""
        return frozenset({cls.LIAISON, cls.TOWNSHIP, cls.COUNTY})


_AT_THE_DESK = frozenset(
    {
        Permission.VIEW_DAY,
        Permission.MARK_ATTENDANCE,
        Permission.BOOK_FOR_OTHERS,
        Permission.VIEW_CONTACTS,
        Permission.ANSWER_DEMANDS,
        Permission.HANDLE_CASES,
    }
)

# Overseeing roles cannot mark attendance: nobody may write the figures by which they judge.
_OVERSEEING = {Permission.VIEW_REPORTS, Permission.VIEW_OVERSIGHT, Permission.CONFIRM_VISITS}
_DECIDING = _OVERSEEING | {Permission.APPROVE_CLOSURE, Permission.APPROVE_LEAVE, Permission.MANAGE_MEMBERS}
_DECIDING |= {Permission.OPEN_CENTERS}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PROXY_AGENT: _AT_THE_DESK,
    Role.MANAGER: _AT_THE_DESK | {Permission.VIEW_REPORTS, Permission.MANAGE_CENTER, Permission.MANAGE_MEMBERS},
    Role.LIAISON: frozenset(_OVERSEEING | {Permission.VIEW_DAY}),
    Role.TOWNSHIP: frozenset(
        _DECIDING
        | {
            Permission.VIEW_DAY,
            Permission.HANDLE_TOWNSHIP_CASES,
            Permission.SWITCH_ITEMS,
            Permission.SET_RULES,
        }
    ),
    Role.COUNTY: frozenset(
        _DECIDING
        | {
            Permission.MANAGE_CATALOG,
            Permission.ENTER_HOLIDAYS,
            Permission.SET_RULES,
            Permission.TEST_PROVIDERS,
        }
    ),
}


def roles_with(permission: Permission) -> list[Role]:
    """The roles that have a permission, for `role__in`."""
    return [role for role in Role if permission in ROLE_PERMISSIONS[role]]
